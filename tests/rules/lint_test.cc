#include "rules/compile/lint.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace tocsin::rules {
namespace {

std::string WithExamples(const std::string& id, const std::string& query,
                         const std::string& more = "") {
  return fmt::format("  - id: {}\n    query: '{}'\n    examples: [a]\n    counterexamples: [b]\n{}",
                     id, query, more);
}

// The findings on one file, as text; it may list `names` of its directory.
std::string Lint(const std::string& content, const std::string& names = "") {
  const auto directory =
      std::filesystem::temp_directory_path() /
      fmt::format("tocsin-lint-{}", testing::UnitTest::GetInstance()->random_seed() + getpid());
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "t.yaml") << content;
  std::ofstream(directory / "names") << names;
  const auto report = LintRules({directory.string()});
  std::filesystem::remove_all(directory);
  if (!report.ok()) return std::string(report.status().message());
  return std::string(report->loaded.message()) + ToText(report->findings);
}

struct Case {
  std::string name;
  std::string query;
  std::string finding;  // a part of it; empty: none
};

class LintTest : public testing::TestWithParam<Case> {};

TEST_P(LintTest, Finds) {
  const std::string findings = Lint("topic: t\nrules:\n" + WithExamples("t.r", GetParam().query));
  if (GetParam().finding.empty()) {
    EXPECT_EQ(findings, "");
  } else {
    EXPECT_NE(findings.find(GetParam().finding), std::string::npos) << findings;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Queries, LintTest,
    testing::Values(
        Case{"ShortWord", "EU OR sanctions",
             "t.yaml:4:13: warning: t.r: `EU` has fewer than 3 letters"},
        Case{"ShortWordWithItsCaseIsFine", "{US} OR sanctions", ""},
        Case{"ShortWordThatAProximityQualifiesIsFine", "sanctions NEAR/3 EU", ""},
        Case{"ShortHanWordIsFine", "停火", ""}, Case{"ShortHangulWordIsFine", "휴전", ""},
        Case{"HebrewHasNoCaseToKeep", "אש OR sanctions", "write a longer word, or a phrase"},
        Case{"LeadingStarBeforeThreeLetters", "*ban OR sanctions",
             "`*ban` finds every word that ends in"},
        Case{"LeadingStarBeforeFourLettersIsFine", "*pause OR sanctions", ""},
        Case{"OperandTwice", "truce OR ceasefire OR truce",
             "t.yaml:4:35: warning: t.r: `truce` stands twice in one OR"},
        Case{"WordCoveredByWildcard", "ceasefire OR cease*",
             "`ceasefire` finds nothing that `cease*` does not find"},
        Case{"WordCoveredByHyphenatedOne", "ceasefire OR cease-fire",
             "`ceasefire` finds nothing that `cease-fire`"},
        Case{"WildcardCoveredByWildcard", "ceasef* OR cease*", "`ceasef*` finds nothing"},
        Case{"QuestionMarkDoesNotCoverStar", "truc?? OR truce*", ""},
        Case{"PhraseIsNotCoveredByItsWord", "peace OR \"peace plan\"", ""},
        Case{"CaseIsNotCoveredTheOtherWay", "{Truce} OR {TRUCE}", ""},
        Case{"AndWithItsOwnNegation", "truce AND gaza AND NOT truce",
             "never true: `truce` is asked for and refused"},
        Case{"AndWithANegationThatCoversIt", "truce NOT (deal OR truc*)", "never true: `truce`"},
        Case{"OrWithAnAndOfTheSame", "truce OR (truce AND gaza)",
             "makes no difference beside `truce`"},
        Case{"AndWithAnOrOfTheSame", "truce AND (truce OR gaza)",
             "makes no difference beside `truce`"},
        Case{"AndTwice", "truce AND gaza AND truce", "`truce` stands twice in one AND"},
        Case{"CommonWordAsTrigger", "the", "`the` is among the commonest words"},
        Case{"CommonWordBesideARarerOneIsFine", "the NEAR/3 armistice", ""},
        Case{"CommonPhraseAsTrigger", "\"of the\"", "looked at in nearly every article"},
        Case{"RegexWithoutLiteral", "/\\w+ing|a\\d+/", "must hold no 3 letters in a row"},
        Case{"RegexWithLiteralIsFine", "/\\bSDN\\s+list/", ""},
        Case{"RegexThatAWordTriggersIsFine", "sanctions AND /\\d+/", ""},
        Case{"NothingToFind", "ceasefire* NOT NEAR/3 (trade OR tariff)", ""}),
    [](const auto& each) { return each.param.name; });

TEST(LintRulesTest, ARuleWithoutExamplesIsAnError) {
  const std::string findings = Lint("topic: t\nrules:\n  - id: t.r\n    query: truce\n");
  EXPECT_NE(findings.find("t.yaml:3:5: rule `t.r` has no examples"), std::string::npos) << findings;
  EXPECT_NE(findings.find("rule `t.r` has no counterexamples"), std::string::npos) << findings;
  EXPECT_EQ(findings.find("warning"), std::string::npos) << findings;
}

// One fault is told once: what is there but cannot be read is not missing.
TEST(LintRulesTest, AnExampleThatCannotBeReadIsNotMissing) {
  const std::string head =
      "topic: t\nrules:\n  - id: t.r\n    query: truce\n    examples: [a]\n    counterexamples: ";
  for (const std::string counterexamples : {"[[y]]", "[Note: y]", "{headline: y}", "truce", "''"}) {
    const std::string findings = Lint(head + counterexamples);
    EXPECT_NE(findings.find("t.yaml:6:"), std::string::npos) << findings;
    EXPECT_EQ(findings.find("has no counterexamples"), std::string::npos) << findings;
  }
  for (const std::string none : {"", "[]", "~"}) {
    const std::string findings = Lint(head + none);
    EXPECT_NE(findings.find("has no counterexamples"), std::string::npos) << findings;
  }
  const std::string findings =
      Lint("topic: t\nrules:\n  - id: t.r\n    query: truce\n    examples: truce\n");
  EXPECT_NE(findings.find("`examples:` is no list"), std::string::npos) << findings;
  EXPECT_EQ(findings.find("has no examples"), std::string::npos) << findings;
}

TEST(LintRulesTest, EqualQueriesOfOverlappingLanguagesAreFound) {
  const std::string twins = "topic: t\nrules:\n" + WithExamples("t.a", "truce OR gaza") +
                            WithExamples("t.b", "truce  OR Gaza");
  EXPECT_NE(Lint(twins).find("rule `t.b` has the query of `t.a`"), std::string::npos)
      << Lint(twins);
  const std::string apart = "topic: t\nrules:\n" +
                            WithExamples("t.a", "truce", "    languages: [en]\n") +
                            WithExamples("t.b", "truce", "    languages: [fr]\n");
  EXPECT_EQ(Lint(apart), "");
}

TEST(LintRulesTest, ANameThatNothingNamesIsFound) {
  const std::string content = "topic: t\nqueries:\n  used: truce\n  unused: armistice\nrules:\n" +
                              WithExamples("t.r", "$used");
  EXPECT_NE(Lint(content).find("t.yaml:4:11: warning: nothing names $unused"), std::string::npos)
      << Lint(content);
  EXPECT_EQ(Lint(content).find("$used"), std::string::npos);
}

struct CommonCase {
  std::string name;
  std::vector<std::string> given;
  bool is_told = false;
};

class LintCommonTest : public testing::TestWithParam<CommonCase> {};

// A rule beside common.yaml names $beside, one below it $below, and none $nobody.
TEST_P(LintCommonTest, TellsUnusedNamesOnlyIfItsOwnDirectoryWasGiven) {
  const std::filesystem::path root =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("tocsin-lint-common-{}-{}", GetParam().name, getpid());
  std::filesystem::create_directories(root / "sub");
  std::ofstream(root / "common.yaml") << "queries: {beside: truce, below: accord, nobody: gaza}\n";
  std::ofstream(root / "a.yaml") << "topic: a\nrules:\n" + WithExamples("a", "$beside");
  std::ofstream(root / "sub/b.yaml") << "topic: b\nrules:\n" + WithExamples("b", "$below");
  std::vector<std::string> given;
  for (const std::string& path : GetParam().given) given.push_back((root / path).string());
  const auto report = LintRules(given);
  std::filesystem::remove_all(root);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string findings = ToText(report->findings);
  EXPECT_EQ(findings.find("$beside"), std::string::npos) << findings;
  EXPECT_EQ(findings.find("nothing names $nobody") != std::string::npos, GetParam().is_told)
      << findings;
}

INSTANTIATE_TEST_SUITE_P(
    Paths, LintCommonTest,
    testing::Values(CommonCase{"ItsDirectory", {""}, true},
                    CommonCase{"ItsDirectoryAndThatBelow", {".", "sub"}, true},
                    CommonCase{"ADirectoryBelow", {"sub"}}, CommonCase{"AFileBesideIt", {"a.yaml"}},
                    CommonCase{"AFileBelow", {"sub/b.yaml"}},
                    CommonCase{"AFileBesideItAndADirectoryBelow", {"a.yaml", "sub"}}),
    [](const auto& param_info) { return param_info.param.name; });

struct NamesCase {
  std::string name;
  std::string names;
  std::string finding;  // a part of it; empty: none
};

class LintNamesTest : public testing::TestWithParam<NamesCase> {};

TEST_P(LintNamesTest, Finds) {
  const std::string findings = Lint(
      "topic: t\nrules:\n  - id: t.r\n    phrases_file: names\n    examples: [a]\n    "
      "counterexamples: [b]\n",
      GetParam().names);
  if (GetParam().finding.empty()) {
    EXPECT_EQ(findings, "");
  } else {
    EXPECT_NE(findings.find(GetParam().finding), std::string::npos) << findings;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, LintNamesTest,
    testing::Values(
        NamesCase{"NothingToFind", "Acme Corp\nAcme\n{Acme}\nRolls-Royce\n", ""},
        NamesCase{"SameName", "Acme Corp\nBolt\n ACME, Corp.\n",
                  "names:3:2: warning: t.r: `ACME, Corp.` finds nothing that line 1 does not find; "
                  "remove it\n     ACME, Corp.\n     ^"},
        NamesCase{"FormOfAHyphenatedName", "Rolls-Royce\nRolls Royce\n", "names:2:1: warning"},
        NamesCase{"HyphenatedNameFindsMoreThanItsForm", "Rolls Royce\nRolls-Royce\n", ""},
        NamesCase{"ShortName", "Acme\nGE\n", "names:2:1: warning: t.r: `GE` has fewer than 3"},
        NamesCase{"ShortNameWithItsCaseIsFine", "{GE}\n", ""},
        NamesCase{"CommonWord", "Acme\nHave\n",
                  "t.yaml:4:19: warning: rule `t.r` is costly, looked at in nearly every article: "
                  "`have` is among"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(LintRulesTest, ALanguageThatIsNoneIsFound) {
  for (const std::string language : {"english", "xx"}) {
    const std::string content =
        "topic: t\nrules:\n" +
        WithExamples("t.r", "truce", fmt::format("    languages: [{}]\n", language));
    EXPECT_NE(Lint(content).find(fmt::format("`{}` is no language", language)), std::string::npos)
        << Lint(content);
  }
  EXPECT_EQ(Lint("topic: t\nrules:\n" +
                 WithExamples("t.r", "truce", "    languages: [en, pt-BR, zh-Hant, EN, en_GB]\n")),
            "");
}

TEST(LintRulesTest, ErrorsOfLoadingAndFindingsComeInOneRun) {
  const std::string findings =
      Lint("topic: t\nrules:\n" + WithExamples("t.a", "truce gaza") +
           WithExamples("t.b", "(truce") + "  - id: t.c\n    query: truce\n");
  for (const std::string part : {"t.a: `gaza` right behind another word",
                                 "t.b: `(` that is not closed", "rule `t.c` has no examples"}) {
    EXPECT_NE(findings.find(part), std::string::npos) << findings;
  }
}

}  // namespace
}  // namespace tocsin::rules
