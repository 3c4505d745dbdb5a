#include "rules/match/explain.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

Explanation ExplainQuery(const std::string& query, const Document& document) {
  const auto rule_set = LoadTexts({RuleFileText(query)});
  EXPECT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  auto why = scanner->Explain(document, 0);
  EXPECT_TRUE(why.ok()) << why.status();
  return *std::move(why);
}

struct Case {
  std::string name;
  std::string query;
  std::string body;
  bool holds;
  std::string why;
};

class ProximityTest : public testing::TestWithParam<Case> {};

TEST_P(ProximityTest, SaysWhy) {
  const Explanation why = ExplainQuery(GetParam().query, {.body = GetParam().body});
  EXPECT_EQ(why.holds, GetParam().holds);
  EXPECT_EQ(why.why, GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Explain, ProximityTest,
    testing::Values(
        Case{"TooFar", "truce NEAR/2 gaza", "a truce in all of Gaza", false,
             "the nearest are 4 tokens apart, at most 2 allowed"},
        Case{"NearestOfSeveral", "truce NEAR/2 gaza", "truce one two three Gaza one two truce",
             false, "the nearest are 3 tokens apart, at most 2 allowed"},
        Case{"NearEnough", "truce NEAR/4 gaza", "a truce in all of Gaza", true, ""},
        Case{"OtherOrder", "truce ONEAR/5 gaza", "Gaza truce", false,
             "they stand in the other order"},
        Case{"SentenceBetween", "truce NEAR/S gaza", "They agreed a truce. Gaza is calm.", false,
             "the nearest are 1 token apart, but a sentence ends between them"},
        Case{"ParagraphBetween", "truce NEAR/P gaza", "They agreed a truce.\n\nGaza is calm.",
             false, "the nearest are 1 token apart, but a paragraph ends between them"},
        Case{"Overlap", "\"peace truce\" NEAR/5 \"truce deal\"", "a peace truce deal", false,
             "they overlap"},
        Case{"OneSideMissing", "truce NEAR/5 gaza", "a truce", false, ""},
        Case{"TooFew", "ATLEAST/3(truce)", "truce, truce", false,
             "2 distinct occurrences, 3 wanted"},
        Case{"AllExcluded", "truce NOT NEAR/2 trade", "a trade truce", false,
             "every occurrence is excluded"}),
    [](const auto& each) { return each.param.name; });

TEST(ExplainTest, DifferentFieldsAreNamed) {
  const Explanation why = ExplainQuery("truce NEAR/5 gaza", {.title = "Truce", .body = "Gaza"});
  EXPECT_EQ(why.why, "they stand in different fields");
}

TEST(ExplainTest, AnExcludedOccurrenceSaysByWhat) {
  const Explanation why =
      ExplainQuery("truce NOT NEAR/2 trade", {.body = "A trade truce, then a truce in Gaza"});
  ASSERT_TRUE(why.holds);
  ASSERT_EQ(why.occurrences.size(), 1u);
  EXPECT_EQ(why.occurrences[0].begin, 22u);
  ASSERT_EQ(why.excluded.size(), 1u);
  EXPECT_EQ(why.excluded[0].span.begin, 8u);
  EXPECT_EQ(why.excluded[0].by.begin, 2u);
}

TEST(ExplainTest, EveryPartIsDecidedAlsoBehindTheFirstThatFails) {
  const Explanation why = ExplainQuery("truce AND gaza AND NOT trade", {.body = "trade in Gaza"});
  ASSERT_EQ(why.children.size(), 3u);
  EXPECT_FALSE(why.holds);
  EXPECT_FALSE(why.children[0].holds);
  EXPECT_TRUE(why.children[1].holds);
  EXPECT_FALSE(why.children[2].holds);
  EXPECT_TRUE(why.children[2].children[0].holds);
}

TEST(ExplainTest, PartsReadAsTheQuerySaysThem) {
  const Explanation why =
      ExplainQuery("title:{US} OR \"peace plan\" OR /SDN/ OR (a ONEAR/3 b)", {.body = "none"});
  ASSERT_EQ(why.children.size(), 4u);
  EXPECT_EQ(why.children[0].text, "title:{US}");
  EXPECT_EQ(why.children[1].text, "\"peace plan\"");
  EXPECT_EQ(why.children[2].text, "/SDN/");
  EXPECT_EQ(why.children[3].text, "ONEAR/3");
}

TEST(ExplainTest, ANameIsToldBesideWhatItStandsFor) {
  const auto rule_set =
      LoadTexts({"topic: t\nqueries:\n  places: Gaza OR Rafah\nrules:\n  - id: t.r\n    query: "
                 "truce AND $places\n"});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  const auto why = scanner->Explain({.body = "truce"}, 0);
  ASSERT_TRUE(why.ok());
  EXPECT_EQ(why->children[1].name, "places");
  EXPECT_EQ(why->children[1].text, "OR");
}

}  // namespace
}  // namespace tocsin::rules
