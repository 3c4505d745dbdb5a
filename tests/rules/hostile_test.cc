// Rule files and regexes made to take the process down, or to stop a reload.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/compile/hyperscan.h"
#include "rules/compile/prefilter.h"
#include "rules/compile/regex.h"
#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

std::string Repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string ErrorOf(const std::string& content) {
  const auto rule_set = LoadTexts({content});
  return rule_set.ok() ? "" : std::string(rule_set.status().message());
}

TEST(HostileRuleFileTest, NamesThatDoubleThemselvesAreRefused) {
  std::string content = "topic: t\nqueries:\n  n0: truce OR armistice\n";
  for (int i = 1; i < 30; ++i)
    content += fmt::format("  n{}: $n{} OR gaza{} OR $n{}\n", i, i - 1, i, i - 1);
  content += "rules:\n  - id: t.r\n    query: $n29\n";
  EXPECT_NE(ErrorOf(content).find("its names written out"), std::string::npos) << ErrorOf(content);
}

TEST(HostileRuleFileTest, ManyUsesOfABigNameAreRefused) {
  std::string words = "word0";
  for (int i = 1; i < 5000; ++i) words += fmt::format(" OR word{}", i);
  const std::string content =
      fmt::format("topic: t\nqueries:\n  big: {}\nrules:\n  - id: t.r\n    query: $big{}\n", words,
                  Repeat(" OR (x AND $big)", 1000));
  EXPECT_NE(ErrorOf(content).find("its names written out"), std::string::npos);
}

TEST(HostileRuleFileTest, ALongChainOfNamesIsRefused) {
  std::string content = "topic: t\nqueries:\n  n0: truce\n";
  for (int i = 1; i < 10'000; ++i) content += fmt::format("  n{}: $n{}\n", i, i - 1);
  content += "rules:\n  - id: t.r\n    query: $n9999\n";
  EXPECT_NE(ErrorOf(content).find("names deep"), std::string::npos) << ErrorOf(content);
}

TEST(HostileRuleFileTest, YamlAliasesAreRefused) {
  std::string content = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    content += fmt::format("{0}: &{0} [{1}]\n", c,
                           Repeat(fmt::format("*{},", static_cast<char>(c - 1)), 9));
  }
  EXPECT_NE(ErrorOf(content).find("an anchor (&) or alias (*)"), std::string::npos)
      << ErrorOf(content);
}

TEST(HostileRuleFileTest, AnAmpersandInATextIsNoAnchor) {
  EXPECT_EQ(ErrorOf("topic: t\nrules:\n  - id: t.r\n    query: truce\n    examples: [R&D truce, 'a "
                    "& b truce']\n"),
            "");
}

TEST(HostileRuleFileTest, DeepYamlIsRefused) {
  for (const std::string& content :
       {"topic: " + std::string(100'000, '['), Repeat("- ", 100'000), Repeat("{a: ", 100'000)}) {
    EXPECT_NE(ErrorOf(content).find("no YAML: nested too deeply"), std::string::npos)
        << ErrorOf(content);
  }
}

// yaml-cpp would take 250 bytes for each before it sees how deep they are.
TEST(HostileRuleFileTest, MillionsOfBracketsAreRefusedUnread) {
  EXPECT_NE(ErrorOf("topic: t\nx: " + std::string(8'000'000, '['))
                .find("0.yaml:2:1004: no YAML: nested too deeply"),
            std::string::npos);
  EXPECT_EQ(ErrorOf(RuleFileText(Repeat("/[a]x/ OR ", 1500) + "truce")), "");
}

TEST(HostileRuleFileTest, OverlongWordsAndPhrasesAreRefusedWithTheirPlace) {
  const std::string word(60'000, 'a');
  for (const std::string& query :
       {word, "*" + word, "{" + word + "}", '"' + Repeat("peace plan ", 5000) + '"'}) {
    const std::string error = ErrorOf(RuleFileText(query));
    EXPECT_NE(error.find("0.yaml:5:7: t.r: a word or phrase of "), std::string::npos)
        << error.substr(0, 200);
  }
  EXPECT_EQ(ErrorOf(RuleFileText('"' + Repeat("peace plan ", 90) + '"')), "");
}

TEST(HostileRuleFileTest, AQueryOfAMegabyteIsRefused) {
  EXPECT_NE(
      ErrorOf(RuleFileText("a" + Repeat(" OR truce", 120'000))).find("a query of 1080001 bytes"),
      std::string::npos);
}

TEST(HostileRuleFileTest, AHundredThousandAlternativesAreRefused) {
  const std::string error = ErrorOf(RuleFileText("/" + Repeat("w|", 30'000) + "w/"));
  EXPECT_NE(error.find("a regex of 60001 bytes"), std::string::npos) << error.substr(0, 200);
}

TEST(HostileRuleFileTest, DeepParenthesesAreRefused) {
  EXPECT_NE(ErrorOf(RuleFileText(std::string(30'000, '(') + "a" + std::string(30'000, ')')))
                .find("nested too deeply"),
            std::string::npos);
}

TEST(HostileRuleFileTest, AFileOfErrorsFillsNoMemory) {
  EXPECT_NE(ErrorOf(Repeat("a: b\n", 50'000)).find("\n... and 99001 more"), std::string::npos);
}

TEST(HostileRuleFileTest, AnOverlongFileIsRefused) {
  EXPECT_NE(ErrorOf("topic: t\n#" + Repeat("x", 9'000'000)).find("larger than 8 MiB"),
            std::string::npos);
}

TEST(HostileRuleFileTest, VeryManyErrorsAreCutShort) {
  std::string content = "topic: t\nrules:\n";
  for (int i = 0; i < 3000; ++i) content += fmt::format("  - id: t.{}\n    query: (a\n", i);
  EXPECT_NE(ErrorOf(content).find("... and 2000 more"), std::string::npos);
}

struct RegexCase {
  std::string name;
  std::string pattern;
  std::string prefilter;
};

class PrefilterTest : public testing::TestWithParam<RegexCase> {};

TEST_P(PrefilterTest, IsLoosenedToWhatCompiles) {
  EXPECT_EQ(Loosen(GetParam().pattern).pattern, GetParam().prefilter);
  EXPECT_TRUE(CompilePrefilters({GetParam().prefilter}).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Regexes, PrefilterTest,
    testing::Values(RegexCase{"LiteralStays", "SDN list", "SDN list"},
                    RegexCase{"WordBoundaryAndSpaceStay", R"(\bSDN\s+list\b)", R"(\bSDN\s+list\b)"},
                    RegexCase{"LargeClassIsAnyCharacter", R"(foo\w)", "foo(?s:.)"},
                    RegexCase{"SmallClassStays", "[sc]eiz[éè]e", "[sc]eiz[éè]e"},
                    RegexCase{"NegatedClassIsAnyCharacter", "a[^b]c", "a(?s:.)c"},
                    RegexCase{"BracketInClass", "a[]b]c", "a(?s:.)c"},
                    RegexCase{"LongRepeatOpens", "foo.{0,500}bar", "foo(?s:.)*bar"},
                    RegexCase{"LongCountIsCut", R"(x\w{100})", "x(?s:.){48,}"},
                    RegexCase{"NestedRepeatsMultiply", "(?:ab{9}){9}x", "(?:ab{9,9}){4,}x"},
                    RegexCase{"AssertionsGo", R"(^(?<!x)foo(?=\w{100})$)", "foo"},
                    RegexCase{"BackReferenceIsAnything", R"((a)\1b)", "(?:a)(?:(?s:.)*)b"},
                    RegexCase{"PossessiveIsGreedy", "a++b", "a+b"},
                    RegexCase{"AtomicIsPlain", "(?>a|ab)c", "(?:a|ab)c"},
                    RegexCase{"NamedGroup", "(?<n>a)b", "(?:a)b"},
                    RegexCase{"FlagsStay", "(?i)sdn", "(?i)sdn"},
                    RegexCase{"BraceThatIsNoRepeat", "a{x}", R"(a\{x\})"},
                    RegexCase{"RepeatOfNewerPcre2WithoutMinimum", "x{,3}yz", "(?s:.)"},
                    RegexCase{"RepeatOfNewerPcre2WithBlanks", "x{ 1, 2 }y", "(?s:.)"},
                    RegexCase{"NonAtomicLookbehindIsNoName", "(?<*a)b|c(?<n>d)", "b|c(?:d)"},
                    RegexCase{"ExtendedSyntaxIsAnyCharacter", "(?x) a b", "(?s:.)"},
                    RegexCase{"QuotedSyntaxIsAnyCharacter", R"(\Qa{9}\E)", "(?s:.)"},
                    RegexCase{"NulIsAnyCharacter", std::string("(a\0|b)", 6), "(?s:.)"},
                    RegexCase{"ConditionalIsAnyCharacter", "(a)?(?(1)b|c)", "(?s:.)"}),
    [](const auto& each) { return each.param.name; });

// Without loosening the first four take Hyperscan from 12 s to minutes.
TEST(HostileRegexTest, PatternsThatExplodeCompile) {
  const std::vector<std::string> patterns = {R"(\w{50})",
                                             R"(foo.{0,500}bar)",
                                             R"(foo(\w+\W+){0,16}bar)",
                                             R"(\bfoo\w{100}\b)",
                                             R"((x+x+)+y)",
                                             R"(\w{1,500}x{500})",
                                             R"((\w{10}){10})",
                                             R"((a|.*b|.{5}c){12})",
                                             R"((a{1,300}){1,300})",
                                             R"(((((\d{1,9}){9}){9}){9})x)"};
  for (const std::string& pattern : patterns) {
    EXPECT_EQ(ErrorOf(RuleFileText("/" + pattern + "/")), "") << pattern;
  }
}

// One by one they take 5 s and more, together many times that.
TEST(HostileRegexTest, ManyThatExplodeAreRefusedInTime) {
  std::string content = "topic: t\nrules:\n";
  for (int i = 0; i < 400; ++i) {
    content += fmt::format("  - {{id: r{}, query: '/((a|.*b|.{{5}}c{}){{12}}){{4}}x/'}}\n", i, i);
  }
  EXPECT_NE(ErrorOf(content).find("took more than 5s to compile"), std::string::npos);
}

TEST(HostileRegexTest, CostlyOnesBesideCheapOnesAllFind) {
  const std::string rules =
      "/((a|.*b|.{5}c){12}){4}x/ OR /SDN\\s+list/ OR /\\b(w1|x1\\w+)[a-z]{3,9}(\\s+\\w+){0,5}\\d+/";
  EXPECT_EQ(FindAll(rules, {.body = "the SDN  list"}), std::vector<std::string>{"SDN  list"});
  EXPECT_EQ(FindAll(rules, {.body = "a w1abc def 77."}), std::vector<std::string>{"w1abc def 77"});
  const std::string many = Repeat("a", 48) + "x";
  EXPECT_EQ(FindAll(rules, {.body = many}), std::vector<std::string>{many});
}

TEST(HostileRegexTest, WhatMatchesNothingIsRefused) {
  EXPECT_NE(ErrorOf(RuleFileText("/(a{0,300}){0,300}/")).find("matches the empty text"),
            std::string::npos);
}

// Compared token by token from each place of the body it would take minutes.
TEST(HostileTextTest, ALeadThatNearlyStandsEverywhereInTheBodyIsSoughtInTime) {
  const std::string lead = Repeat("a ", 100'000) + "truce";
  const std::string body = Repeat("a ", 300'000) + "truce";
  EXPECT_EQ(FindAll("ATLEAST/2(truce)", {.lead = lead, .body = body}), std::vector<std::string>{});
  EXPECT_EQ(FindAll("ATLEAST/2(truce)", {.lead = "b " + lead, .body = body}).size(), 2U);
}

TEST(HostileRegexTest, AMatchThatBeginsBeforeItIsSoughtIsAnErrorNotEndless) {
  const std::vector<std::string> found =
      FindAll(R"(/(?(DEFINE)(?<k>b\K))(?=(?&k))/)", {.body = "b"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("error: rule t.r: PCRE2"), std::string::npos) << found[0];
}

TEST(HostileRegexTest, ARegexThatCallsItselfBehindACharacterFinds) {
  EXPECT_EQ(FindAll(R"(/\((?:[^()]|(?R))*\)/)", {.body = "a (b (c) d) e"}),
            std::vector<std::string>{"(b (c) d)"});
}

TEST(HostileRegexTest, AnOverlongRegexIsRefused) {
  EXPECT_NE(ErrorOf(RuleFileText("/" + std::string(3000, 'a') + "/")).find("a regex of 3000 bytes"),
            std::string::npos);
}

TEST(HostileRegexTest, ARegexThatBacktracksForeverIsAnErrorNotAnAnswer) {
  const std::vector<std::string> found =
      FindAll(R"(/(\w+\w+)+!/)", {.body = std::string(5000, 'a') + "? !"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("error: rule t.r: PCRE2"), std::string::npos) << found[0];
}

}  // namespace
}  // namespace tocsin::rules
