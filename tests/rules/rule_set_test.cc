#include "rules/rule_set.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

struct LoadErrorCase {
  std::string name;
  std::vector<std::string> files;
  std::vector<std::string> want;  // each part of the message
};

void PrintTo(const LoadErrorCase& c, std::ostream* out) { *out << c.files[0]; }

class LoadErrorTest : public testing::TestWithParam<LoadErrorCase> {};

TEST_P(LoadErrorTest, TellsPlaceReasonAndMend) {
  const auto rule_set = LoadTexts(GetParam().files);
  ASSERT_FALSE(rule_set.ok());
  const std::string message(rule_set.status().message());
  for (const std::string& part : GetParam().want) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, LoadErrorTest,
    testing::ValuesIn<LoadErrorCase>({
        {"NoYaml",
         {"topic: t: u\n"},
         {"0.yaml:1:9: no YAML: illegal map value; quote values that hold `: `"}},
        {"OpenBracket",
         {"topic: [t\n"},
         {"0.yaml:1:8: no YAML: `[` that is not closed; close it by `]`, or quote a text that",
          "           ^"}},
        {"OpenBracketBeforeOtherKeys",
         {"topic: t\nrules:\n  - id: a\n    examples: [a, b\n    counterexamples: [c]\n"},
         {"0.yaml:4:15: no YAML: `[` that is not closed"}},
        {"OpenBrace",
         {"topic: t\nrules:\n  - {id: a, query: x\n  - {id: b, query: y}\n"},
         {"0.yaml:3:5: no YAML: `{` that is not closed; close it by `}`"}},
        {"TabAsIndentation",
         {"topic: t\nrules:\n  - id: a\n\tquery: x1\n"},
         {"0.yaml:4:1: no YAML: a tab in the indentation; indent with spaces"}},
        {"TabBehindSpaces",
         {"topic: t\nrules:\n  - id: a\n  \tquery: x1\n"},
         {"0.yaml:4:3: no YAML: a tab in the indentation; indent with spaces"}},
        {"TabBeforeADash",
         {"topic: t\nrules:\n\t- id: a\n"},
         {"0.yaml:3:1: no YAML: a tab in the indentation"}},
        {"TabBehindADash",
         {"topic: t\nrules:\n  -\tid: a\n    query: x1\n"},
         {"0.yaml:3:4: no YAML: a tab in the indentation"}},
        {"TabElsewhereIsNotBlamed",
         {"topic:\tt: u\n"},
         {"0.yaml:1:9: no YAML: illegal map value; quote values"}},
        {"UnknownKey",
         {"topic: t\nrule: 1\nrules:\n  - {id: a, query: x1}\n"},
         {"0.yaml:2:1: unknown key `rule`", "known are", "\n    rule: 1\n    ^"}},
        {"PlaceBehindLettersOfSeveralBytes",
         {"topic: t\nrules:\n  - {id: a, query: перемирие, quary: y}\n"},
         {"0.yaml:3:31: unknown key `quary`", "\n                                  ^"}},
        {"UnknownRuleKey",
         {"topic: t\nrules:\n  - {id: a, query: x1, quary: y}\n"},
         {"0.yaml:3:24: unknown key `quary`"}},
        {"NoTopic", {"rules:\n  - {id: a, query: x1}\n"}, {"`topic:` is missing"}},
        {"TopicThatNoKafkaTopicCanBear",
         {"topic: a b\nrules:\n  - {id: a, query: x1}\n"},
         {"cannot name a topic"}},
        {"NoRules", {"topic: t\n"}, {"no rules"}},
        {"NoId", {"topic: t\nrules:\n  - query: x1\n"}, {"0.yaml:3:5: `id:` is missing"}},
        {"NoQuery", {"topic: t\nrules:\n  - id: a\n"}, {"rule `a` has no query"}},
        {"EmptyQuery",
         {"topic: t\nrules:\n  - id: a\n    query:\n    examples: [x1]\n"},
         {"0.yaml:4:5: the query of `a` is empty; write it behind `query:`, or below `query: >-`",
          "\n        query:\n        ^"}},
        {"EmptyQueryLast",
         {"topic: t\nrules:\n  - id: a\n    query:\n"},
         {"0.yaml:4:5: the query of `a` is empty"}},
        {"EmptyNamedQuery",
         {"topic: t\nqueries:\n  p:\n\nrules:\n  - {id: a, query: x1}\n"},
         {"0.yaml:3:3: the query of `p` is empty; write it behind `p:`, or below `p: >-`"}},
        {"QueryThatIsNoText",
         {"topic: t\nqueries:\n  p: [x1]\nrules:\n  - {id: a, query: [x1]}\n"},
         {"0.yaml:3:6: the query of `p` is no text; quote it, or write it below `p: >-`",
          "0.yaml:5:20: the query of `a` is no text; quote it, or write it below `query: >-`"}},
        {"EmptyTopicAndTitle",
         {"topic:\ntitle:\nrules:\n  - {id: a, query: x1}\n"},
         {"0.yaml:1:1: `topic:` is empty; write its value behind it",
          "0.yaml:2:1: `title:` is empty"}},
        {"EmptyId",
         {"topic: t\nrules:\n  - {id: '', query: x1}\n"},
         {"0.yaml:3:10: `id:` is empty"}},
        {"TitleThatIsNoText",
         {"topic: t\ntitle: [a]\nrules:\n  - {id: a, query: x1}\n"},
         {"0.yaml:2:8: `title:` is no text; write one value"}},
        {"NoUtf8", {"topic: t\ntitle: é\xE9\n"}, {"0.yaml:2:9: not UTF-8; save the file in UTF-8"}},
        {"NoUtf8Twice", {"\xFF\n", "topic: \xC3\n"}, {"0.yaml:1:1: not", "1.yaml:1:8: not UTF-8"}},
        {"TwoDocuments",
         {"topic: t\nrules:\n  - {id: a, query: x1}\n---\ntopic: u\n"},
         {"0.yaml:4:1: no YAML: a second document; write one a file"}},
        {"ExampleOfAnUnknownField",
         {"topic: t\nrules:\n  - {id: a, query: x1, examples: [{heading: x1}]}\n"},
         {"0.yaml:3:36: `heading:` is no field of an example", "title, lead and body"}},
        {"ExampleThatHoldsAColon",
         {"topic: t\nrules:\n  - id: a\n    query: x1\n    examples:\n      - He said: x1\n"},
         {"0.yaml:6:9: `He said:` is no field", "quote a text that holds `: `"}},
        {"ExampleFieldThatIsNoText",
         {"topic: t\nrules:\n  - {id: a, query: x1, counterexamples: [{title: [x1]}]}\n"},
         {"0.yaml:3:50: the title of an example is no text"}},
        {"ExampleThatIsAList",
         {"topic: t\nrules:\n  - {id: a, query: x1, known_misses: [[x1]]}\n"},
         {"0.yaml:3:39: `known_misses:` holds something that is no text"}},
        {"NamedTwice",
         {"topic: t\nqueries:\n  p: x1\n  p: y1\nrules:\n  - {id: a, query: $p}\n"},
         {"0.yaml:4:3: `p` is there twice", "keep one"}},
        {"LanguageThatIsNoText",
         {"topic: t\nrules:\n  - {id: a, query: x1, languages: [~]}\n"},
         {"0.yaml:3:36: `languages:` holds something that is no text"}},
        {"BadStatus",
         {"topic: t\nrules:\n  - {id: a, query: x1, status: beta}\n"},
         {"unknown status `beta`", "experimental"}},
        {"DuplicateId",
         {"topic: t\nrules:\n  - {id: a, query: x1}\n",
          "topic: u\nrules:\n  - {id: a, query: y1}\n"},
         {"rule `a` is defined at", "0.yaml:3 too", "1.yaml:3:5: rule",
          "  - {id: a, query: y1}\n        ^"}},
        {"AllErrorsOfAllFiles",
         {"topic: t\nrules:\n  - {id: a, query: x1 y1}\n",
          "topic: u\nrules:\n  - {id: b, query: (x1}\n"},
         {"0.yaml:3:", "1.yaml:3:"}},
        {"QueryPlaceInPlainScalar",
         {"topic: t\nrules:\n  - id: a\n    query: truce peace\n"},
         {"0.yaml:4:18:", "                 ^"}},
        {"QueryPlaceInAFileOfWindows",
         {"topic: t\r\nrules:\r\n  - id: a\r\n    query: >-\r\n      truce\r\n      OR peace "
          "plan\r\n"},
         {"0.yaml:6:16:", "          OR peace plan\n                   ^"}},
        {"QueryPlaceInFoldedScalar",
         {"topic: t\nrules:\n  - id: a\n    query: >-\n      truce\n      OR peace plan\n"},
         {"0.yaml:6:16:"}},
        {"QueryPlaceInQuotedScalar",
         {"topic: t\nrules:\n  - id: a\n    query: '\"peace plan\" truce'\n"},
         {"0.yaml:4:26:"}},
        {"UnknownName",
         {"topic: t\nrules:\n  - {id: a, query: $nobody}\n"},
         {"0.yaml:3:20: a: $nobody is not defined"}},
        {"CircularName",
         {"topic: t\nqueries: {a1: $b1, b1: $a1}\nrules:\n  - {id: a, query: $a1}\n"},
         {"$a1 is defined by itself"}},
        {"HoldsForTheEmptyArticle",
         {"topic: t\nrules:\n  - {id: a, query: truce OR NOT peace}\n"},
         {"even an empty one"}},
        {"BadRegex",
         {"topic: t\nrules:\n  - {id: a, query: '/(x/'}\n"},
         {"offset 2", "pcre2pattern"}},
        {"EmptyMatchingRegex",
         {"topic: t\nrules:\n  - {id: a, query: '/x*/'}\n"},
         {"matches the empty text"}},
        {"RegexThatCallsItselfWithoutEnd",
         {"topic: t\nrules:\n  - {id: a, query: '/(?R)x/'}\n"},
         {"0.yaml:3:", "calls itself before it has read anything", "let a character come first"}},
        {"RegexWithAGroupThatCallsItselfWithoutEnd",
         {"topic: t\nrules:\n  - {id: a, query: '/(a|(?1)b)c/'}\n"},
         {"calls itself before it has read anything"}},
        {"AndByNameInNear",
         {"topic: t\nqueries: {both: x1 AND y1}\nrules:\n  - {id: a, query: $both NEAR/3 z1}\n"},
         {"AND (by a name)"}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(RuleSetTest, VersionIgnoresOrderCommentsAndNames) {
  const auto one =
      LoadTexts({"topic: t\nrules:\n  - {id: a, query: truce OR $p}\n  - {id: b, query: "
                 "peace}\nqueries: {p: accord}\n",
                 "topic: u\nrules:\n  - {id: c, query: gas}\n"});
  const auto other = LoadTexts(
      {"# gas\ntopic: u\nrules:\n  - {id: c, query: (gas)}\n",
       "topic: t\nrules:\n  - {id: b, query: Peace}\n  - {id: a, query: truce   OR accord}\n"});
  const auto changed = LoadTexts(
      {"topic: u\nrules:\n  - {id: c, query: gas*}\n",
       "topic: t\nrules:\n  - {id: b, query: Peace}\n  - {id: a, query: truce OR accord}\n"});
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ((*one)->version(), (*other)->version());
  EXPECT_NE((*one)->version(), (*changed)->version());
  EXPECT_EQ((*one)->version().size(), 16u);
}

TEST(RuleSetTest, ExamplesAreTextsOrHaveFields) {
  const auto rule_set = LoadTexts(
      {"topic: t\nrules:\n  - id: a\n    query: x1\n    examples:\n      - one line\n      - "
       "\"first\\nsecond\\nthird\"\n      - {title: the title, lead: the lead, body: the body}\n"});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  const std::vector<Example>& examples = (*rule_set)->rules()[0].examples;
  ASSERT_EQ(examples.size(), 3u);
  EXPECT_EQ(examples[0].title, "");
  EXPECT_EQ(examples[0].body, "one line");
  EXPECT_EQ(examples[1].title, "first");
  EXPECT_EQ(examples[1].body, "second\nthird");
  EXPECT_EQ(examples[2].title, "the title");
  EXPECT_EQ(examples[2].lead, "the lead");
  EXPECT_EQ(examples[2].body, "the body");
  EXPECT_EQ(examples[2].line, 8);
}

TEST(RuleSetTest, RulesAscendByTopicAndId) {
  const auto rule_set =
      LoadTexts({"topic: t\nrules:\n  - {id: t.b, query: x1}\n  - {id: t.a, query: y1}\n",
                 "topic: s\nrules:\n  - {id: z, query: z1}\n"});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  std::vector<std::string> ids;
  for (const Rule& rule : (*rule_set)->rules()) ids.push_back(rule.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"z", "t.a", "t.b"}));
  EXPECT_EQ((*rule_set)->topics()[(*rule_set)->rules()[0].topic].name, "s");
}

TEST(RuleSetTest, OneTopicMayBeSpreadOverFiles) {
  const auto rule_set = LoadTexts(
      {"topic: t\nrules:\n  - {id: a, query: x1}\n", "topic: t\nrules:\n  - {id: b, query: y1}\n"});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  EXPECT_EQ((*rule_set)->topics().size(), 1u);
  EXPECT_EQ((*rule_set)->rules().size(), 2u);
}

TEST(RuleSetTest, AFourthTopicIsOneMoreFile) {
  const std::vector<std::string> files = {
      "topic: ceasefire\nrules:\n  - {id: ceasefire.mention, query: cease-fire}\n",
      "topic: blockade\ntitle: Blockades\nrules:\n  - {id: blockade.mention, query: blockade* NOT "
      "NEAR/2 road}\n"};
  const auto rule_set = LoadTexts(files);
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  Matches matches;
  ASSERT_TRUE(scanner->Scan({.body = "The naval blockade ended with a ceasefire."}, &matches).ok());
  ASSERT_EQ(matches.rules.size(), 2u);
  EXPECT_EQ((*rule_set)->topics()[(*rule_set)->rules()[matches.rules[0].rule].topic].name,
            "blockade");
}

TEST(RuleSetTest, OnlyAFileOfThatNameIsCommon) {
  const std::string directory = testing::TempDir() + "uncommon";
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/uncommon.yaml") << "topic: t\nrules:\n  - {id: a, query: $p}\n";
  std::ofstream(directory + "/common.yaml") << "queries: {p: truce}\n";
  const auto rule_set = RuleSet::Load({directory});
  std::filesystem::remove_all(directory);
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  EXPECT_EQ((*rule_set)->rules().size(), 1u);
}

TEST(RuleSetTest, EachDirectoryHasItsOwnCommonNamesThenThoseAbove) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "commons";
  for (const char* const name : {"a", "b", "b/c"}) {
    std::filesystem::create_directories(root / name);
  }
  std::ofstream(root / "a/common.yaml") << "queries: {p: truce}\n";
  std::ofstream(root / "b/common.yaml") << "queries: {p: accord}\n";
  std::ofstream(root / "a/t.yaml") << "topic: t\nrules:\n  - {id: a, query: $p}\n";
  std::ofstream(root / "b/t.yaml") << "topic: t\nrules:\n  - {id: b, query: $p}\n";
  std::ofstream(root / "b/c/t.yaml") << "topic: t\nrules:\n  - {id: c, query: $p}\n";
  const auto rule_set = RuleSet::Load({root / "b", root / "a", root / "b/c"});
  std::filesystem::remove_all(root);
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  const auto found = [&](std::string_view body) {
    std::string ids;
    Matches matches;
    EXPECT_TRUE(scanner->Scan({.body = body}, &matches).ok());
    for (const Match& match : matches.rules) ids += (*rule_set)->rules()[match.rule].id;
    return ids;
  };
  EXPECT_EQ(found("truce"), "a");
  EXPECT_EQ(found("accord"), "bc");
}

TEST(RuleSetTest, CommonByItselfHoldsNoRules) {
  const std::filesystem::path directory = std::filesystem::path(testing::TempDir()) / "only-common";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "common.yaml") << "queries: {p: truce}\n";
  std::ofstream(directory / "t.yaml") << "topic: t\nrules:\n  - {id: a, query: $p}\n";
  const auto by_itself = RuleSet::Load({directory / "common.yaml"});
  const auto with_rules = RuleSet::Load({directory / "common.yaml", directory / "t.yaml"});
  std::filesystem::remove_all(directory);
  EXPECT_EQ(by_itself.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(by_itself.status().message(),
            (directory / "common.yaml").string() +
                ": it holds no rules, only queries for those beside and below it; give its "
                "directory: " +
                directory.string());
  EXPECT_TRUE(with_rules.ok()) << with_rules.status();
}

TEST(RuleSetTest, NamesThePathThatIsMissing) {
  const auto rule_set = RuleSet::Load({"/nonexistent/rules"});
  EXPECT_EQ(rule_set.status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace tocsin::rules
