// Rules that list their phrases in a file of their own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/compile/program.h"
#include "rules/scanner.h"
#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

constexpr char kRule[] = "topic: t\nrules:\n  - {id: t.r, phrases_file: names.txt}\n";

absl::StatusOr<std::shared_ptr<const RuleSet>> LoadNames(const std::string& names) {
  return LoadFiles({{"0.yaml", kRule}, {"names.txt", names}});
}

struct NamesCase {
  std::string name;
  std::string names;
  std::string body;
  std::vector<std::string> want;
};

void PrintTo(const NamesCase& c, std::ostream* out) { *out << c.names; }

class NamesTest : public testing::TestWithParam<NamesCase> {};

TEST_P(NamesTest, FindsWhatIsListed) {
  EXPECT_EQ(FindAll(LoadNames(GetParam().names), {.body = GetParam().body}), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, NamesTest,
    testing::ValuesIn<NamesCase>({
        {"EachOfThem",
         "Acme Corp\nBolt\nCrane & Sons",
         "Bolt sues Acme Corp, Crane & Sons watch.",
         {"Bolt", "Acme Corp", "Crane & Sons"}},
        {"OnlyOne", "Acme Corp\n", "ACME CORP wins", {"ACME CORP"}},
        {"OneTwice", "Acme\nACME\n", "Acme wins", {"Acme"}},
        {"NotOfTheWordsApart", "Acme Corp\n", "Acme is no corp", {}},
        {"NotOverTheEndOfASentence", "Acme Corp\n", "He left Acme. Corp rules apply", {}},
        {"OverTheEndOfASentenceThatIsItsOwn",
         "Acme Bros. Discovery\nYodel! Japan\n{Who? Weekly}\n",
         "Acme Bros. Discovery, Yodel! Japan and Who? Weekly",
         {"Acme Bros. Discovery", "Yodel! Japan", "Who? Weekly"}},
        {"BlankLinesAndComments",
         "\n  \t\n# Bolt\n  # Crane\nAcme\n",
         "Bolt, Crane, Acme",
         {"Acme"}},
        {"SpacesAround", "  Acme Corp \t\n", "Acme Corp", {"Acme Corp"}},
        {"LinesOfWindows", "Acme\r\nBolt\r\n", "Bolt", {"Bolt"}},
        {"LinesOfAnOldMac", "Acme\r\rBolt\rCrane", "Bolt, Crane, Acme", {"Bolt", "Crane", "Acme"}},
        {"LinesThatEndInEachWay",
         "Acme\rBolt\r\nCrane\n",
         "Crane, Acme Bolt",
         {"Crane", "Acme", "Bolt"}},
        {"LinesOfAnyWhiteSpace", "\u00A0\n \u3000\t\u2003\n\u2028\nAcme\n", "Acme", {"Acme"}},
        {"AnyWhiteSpaceAround", "\u00A0# Bolt\n\u3000{Acme}\u00A0\n", "Bolt, acme, Acme", {"Acme"}},
        {"ByteOrderMarkBeforeAComment", "\xEF\xBB\xBF# Bolt\nAcme\n", "Acme, Bolt", {"Acme"}},
        {"HyphensAsInAPhrase",
         "Rolls-Royce Holdings\n",
         "Rolls-Royce Holdings, Rolls Royce Holdings, RollsRoyce Holdings",
         {"Rolls-Royce Holdings", "Rolls Royce Holdings", "RollsRoyce Holdings"}},
        {"AStarIsNoWildcard", "Acm*\nE*TRADE\n", "Acme left E*TRADE", {"E*TRADE"}},
        {"AQuestionMarkIsNoWildcard", "B?lt\nWho?\n", "Bolt asks who", {"who"}},
        {"OperatorsAreWords",
         "Sons OR Daughters\n",
         "Sons; Sons or Daughters",
         {"Sons or Daughters"}},
        {"NothingIsANameOfAQuery", "$acme\ntitle:bolt\n", "Acme", {"Acme"}},
        {"SlashesAreNoRegex", "/A.me/\n", "Acme, A me", {"A me"}},
        {"QuotesAreNotSeen", "\"Acme Corp\"\n", "Acme Corp", {"Acme Corp"}},
        {"BracesKeepCase", "{Apple}\n{US}\n", "An apple for us; Apple in the US", {"Apple", "US"}},
        {"BracesWithinAreNotSeen", "Acme {Corp}\n", "acme corp", {"acme corp"}},
        {"AnotherScript", "北京银行\nГазпром\n", "ГАЗПРОМ и 北京银行", {"ГАЗПРОМ", "北京银行"}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

struct ErrorCase {
  std::string name;
  Files files;
  std::vector<std::string> want;  // each part of the message
};

void PrintTo(const ErrorCase& c, std::ostream* out) { *out << c.name; }

class NamesErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(NamesErrorTest, TellsPlaceReasonAndMend) {
  const auto rule_set = LoadFiles(GetParam().files);
  ASSERT_FALSE(rule_set.ok());
  const std::string message(rule_set.status().message());
  for (const std::string& part : GetParam().want) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
}

std::string ManyNames(int count) {
  std::string names;
  for (int i = 0; i < count; ++i) names += fmt::format("name{}\n", i);
  return names;
}

INSTANTIATE_TEST_SUITE_P(
    Files, NamesErrorTest,
    testing::ValuesIn<ErrorCase>({
        {"QueryToo",
         {{"0.yaml", "topic: t\nrules:\n  - {id: a, query: x1, phrases_file: names.txt}\n"}},
         {"0.yaml:3:38: rule `a` has a query too", "make two rules"}},
        {"Neither",
         {{"0.yaml", "topic: t\nrules:\n  - id: a\n"}},
         {"0.yaml:3:5: rule `a` has no query", "`phrases_file:`"}},
        {"EmptyPath",
         {{"0.yaml", "topic: t\nrules:\n  - id: a\n    phrases_file:\n    examples: [x1]\n"}},
         {"0.yaml:4:5: the phrases_file of `a` is empty; write the path of one text file behind "
          "it"}},
        {"PathThatIsNoText",
         {{"0.yaml", "topic: t\nrules:\n  - {id: a, phrases_file: [names.txt]}\n"}},
         {"0.yaml:3:27: the phrases_file of `a` is no text; write the path of one text file"}},
        {"NoSuchFile", {{"0.yaml", kRule}}, {"0.yaml:3:29: ", "/names.txt: no such file"}},
        {"NoNames",
         {{"0.yaml", kRule}, {"names.txt", "# none yet\n\n"}},
         {"names.txt:1:1: no names; write at least one"}},
        {"NoUtf8",
         {{"0.yaml", kRule}, {"names.txt", "Acme\nZ\xFCrich\n"}},
         {"names.txt:2:2: not UTF-8"}},
        {"NoUtf8OnALineOfAnOldMac",
         {{"0.yaml", kRule}, {"names.txt", "Acme\r\rZ\xFCrich\r"}},
         {"names.txt:3:2: not UTF-8"}},
        {"NoUtf8FirstOnALine",
         {{"0.yaml", kRule}, {"names.txt", "Acme\r\n\xFCrich\n"}},
         {"names.txt:2:1: not UTF-8"}},
        {"PlaceBehindAnyWhiteSpace",
         {{"0.yaml", kRule}, {"names.txt", "Acme\rBolt\r\u00A0\u3000***\u00A0\r"}},
         {"names.txt:3:3: a phrase without a letter or digit", "\u00A0\u3000***\u00A0\n"}},
        {"NothingButWhiteSpace",
         {{"0.yaml", kRule}, {"names.txt", "\u00A0\n\u3000\n"}},
         {"names.txt:1:1: no names; write at least one"}},
        {"AllNamesWithoutALetter",
         {{"0.yaml", kRule}, {"names.txt", "Acme\n  ***\n&\n"}},
         {"names.txt:2:3: a phrase without a letter or digit", "      ***\n      ^",
          "names.txt:3:1"}},
        {"EmptyBraces", {{"0.yaml", kRule}, {"names.txt", "{}\n"}}, {"names.txt:1:1: {} without"}},
        {"NameTooLong",
         {{"0.yaml", kRule}, {"names.txt", std::string(1001, 'x')}},
         {"names.txt:1:1: a word or phrase of 1001 bytes; at most 1000 are taken"}},
        {"TooManyForms",
         {{"0.yaml", kRule}, {"names.txt", "a-b c-d e-f g-h i-j\n"}},
         {"names.txt:1:1: a phrase with too many hyphenated words; write spaces"}},
        {"TooManyNames",
         {{"0.yaml", kRule}, {"names.txt", ManyNames(100'001)}},
         {"names.txt:100001:1: t.r: with this one all rules together hold more than 100000 words "
          "and "
          "phrases; remove some",
          "run a second daemon"}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(NamesFileTest, TakesAsManyAsOneRuleSetHoldsAndSomeOfThemAgain) {
  const auto rule_set = LoadNames(ManyNames(100'000) + "name1\nNAME99999\n");
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  EXPECT_EQ((*rule_set)->program().phrases.size(), 100'000u);
}

TEST(NamesVersionTest, TellsNamesAndNotTheirOrder) {
  const auto one = LoadNames("Acme\nBolt Corp\n");
  const auto same = LoadNames("# sorted otherwise\nBOLT  Corp\n\nacme\nAcme\n");
  const auto more = LoadNames("Acme\nBolt Corp\nCrane\n");
  const auto query = LoadTexts({RuleFileText("acme OR \"Bolt Corp\"")});
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_TRUE(same.ok()) << same.status();
  ASSERT_TRUE(more.ok()) << more.status();
  EXPECT_EQ((*one)->version(), (*same)->version());
  EXPECT_NE((*one)->version(), (*more)->version());
}

TEST(NamesFileTest, AreFoundFromTheDirectoryOfTheRuleFile) {
  const auto rule_set = LoadFiles(
      {{"0.yaml", "topic: t\nrules:\n  - {id: t.r, phrases_file: ./lists/../names.txt}\n"},
       {"names.txt", "Acme\n"}});
  EXPECT_EQ(FindAll(rule_set, {.body = "Acme wins"}), std::vector<std::string>{"Acme"});
}

TEST(NamesFileTest, AreFoundByWhatTellsThemApart) {
  std::string names;
  for (int i = 0; i < 1000; ++i) names += fmt::format("fir{} Corporation\n", i);
  const auto rule_set = LoadNames(names);
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  for (const PhraseAtom& atom : (*rule_set)->program().phrases) ASSERT_EQ(atom.key_token, 0u);
}

TEST(NamesFileTest, ManyRulesMayShareAFile) {
  const auto rule_set = LoadFiles({{"0.yaml",
                                    "topic: t\nrules:\n"
                                    "  - {id: t.a, phrases_file: names.txt, languages: [en]}\n"
                                    "  - {id: t.b, phrases_file: names.txt, languages: [fr]}\n"},
                                   {"names.txt", "Acme\n"}});
  EXPECT_EQ(FindAll(rule_set, {.body = "Acme wins", .language = "fr"}),
            std::vector<std::string>{"Acme"});
}

}  // namespace
}  // namespace tocsin::rules
