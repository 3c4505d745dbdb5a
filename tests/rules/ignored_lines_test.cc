#include "rules/match/ignored_lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/match/plain_scanner.h"
#include "rules/scanner.h"
#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

struct IgnoreCase {
  std::string name;
  std::string query;
  std::string body;
  size_t want;  // rules that hold
};

void PrintTo(const IgnoreCase& c, std::ostream* out) { *out << c.query << " over " << c.body; }

class IgnoredLinesTest : public testing::TestWithParam<IgnoreCase> {};

TEST_P(IgnoredLinesTest, HidesTheLineFromRules) {
  const auto rule_set = LoadTexts({RuleFileText(GetParam().query)});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto ignored = IgnoredLines::Compile({"^Also read:", "(?i)newsletter$"});
  ASSERT_TRUE(ignored.ok()) << ignored.status();
  auto scanner = Scanner::Create(*rule_set, *ignored);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  Matches matches;
  ASSERT_TRUE(scanner->Scan({.body = GetParam().body}, &matches).ok());
  EXPECT_EQ(matches.rules.size(), GetParam().want);
  std::vector<uint32_t> plain;
  ASSERT_TRUE(PlainScanner(*rule_set, *ignored).Scan({.body = GetParam().body}, &plain).ok());
  EXPECT_EQ(plain.size(), GetParam().want);
  for (const Span& span : matches.evidence) {
    const std::string word =
        GetParam().body.substr(span.begin, std::min(span.end - span.begin, 5u));
    EXPECT_TRUE(word == "truce" || word == "Gaza") << word;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, IgnoredLinesTest,
    testing::ValuesIn<IgnoreCase>({
        {"Ignored", "truce", "It holds.\nAlso read: a truce in sight\nEnd", 0},
        {"OtherLinesStay", "truce", "é truce\nAlso read: a truce in sight", 1},
        {"LastLineWithoutLineFeed", "truce", "Get the truce newsletter", 0},
        {"LinesThatEndInCarriageReturnLineFeed", "truce", "Get the truce newsletter\r\nEnd", 0},
        {"OtherLinesThatEndInCarriageReturnStay", "truce", "A truce\rAlso read: more\rEnd", 1},
        {"LinesThatEndInCarriageReturn", "truce", "It holds\rAlso read: a truce\rEnd", 0},
        {"FoundInsideTheLineOnly", "truce", "He said: Also read: a truce", 1},
        {"NegationsDoNotSeeItEither", "truce NOT trade", "A truce.\nAlso read: trade", 1},
        {"ProximityReachesAcross", "truce NEAR/3 Gaza",
         "A truce holds\nAlso read: ten more stories about the long war here\nGaza is calm", 1},
        {"RegexReachesAcross", R"(/truce\s+Gaza/)", "A truce\nAlso read: more\nGaza is calm", 1},
        {"PhraseDoesNotReachAcross", "\"holds truce\" OR truce", "holds\nAlso read: x\ntruce", 1},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(IgnoredLinesTest, PatternsKeepOptionsGroupsAndQuotesToThemselves) {
  const auto ignored =
      IgnoredLines::Compile({"(?i)newsletter$", "^Also read:", R"((z)\1)", R"(\Q(more)"});
  ASSERT_TRUE(ignored.ok()) << ignored.status();
  RegexMatcher matcher;
  std::string blanked;
  const auto is_blanked = (*ignored)->Blank(
      "also read: a\nAlso read: b\r\nxyz\nzz (\nall (more\nOur Newsletter", &matcher, &blanked);
  ASSERT_TRUE(is_blanked.ok() && *is_blanked) << is_blanked.status();
  EXPECT_EQ(blanked, "also read: a\n            \r\nxyz\n    \n         \n              ");
}

TEST(IgnoredLinesTest, AnEndlessLineIsLookedAtOnce) {
  const auto ignored = IgnoredLines::Compile({"newsletter"});
  ASSERT_TRUE(ignored.ok()) << ignored.status();
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "newsletter ";
  RegexMatcher matcher;
  std::string blanked;
  ASSERT_TRUE((*ignored)->Blank(text, &matcher, &blanked).ok());
  EXPECT_EQ(blanked, std::string(text.size(), ' '));
}

TEST(IgnoredLinesTest, NamesTheBadPattern) {
  const auto ignored = IgnoredLines::Compile({"fine", "(broken"});
  ASSERT_FALSE(ignored.ok());
  EXPECT_NE(ignored.status().message().find("`(broken`"), absl::string_view::npos);
}

TEST(IgnoredLinesTest, NoPatternsIsNoFilter) {
  const auto ignored = IgnoredLines::Compile({});
  ASSERT_TRUE(ignored.ok());
  EXPECT_EQ(*ignored, nullptr);
}

}  // namespace
}  // namespace tocsin::rules
