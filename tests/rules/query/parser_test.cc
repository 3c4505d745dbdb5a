#include "rules/query/parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace tocsin::rules {
namespace {

std::string Show(const Node& node) {
  std::string children;
  for (const Node& child : node.children) children += (children.empty() ? "" : " ") + Show(child);
  const auto reach = [&node] {
    const std::string unit = node.reach.gap_max == Gap::kPunctuation ? "S"
                             : node.reach.gap_max == Gap::kSentence
                                 ? "P"
                                 : std::to_string(node.reach.tokens_max);
    return fmt::format("{}/{}", node.reach.ordered ? "ONEAR" : "NEAR", unit);
  };
  switch (node.op) {
    case Op::kPhrase: {
      std::string tokens;
      for (const std::string& token : node.phrase.tokens)
        tokens += (tokens.empty() ? "" : "_") + token;
      if (!node.phrase.written.empty()) return fmt::format("{{{}}}", tokens);
      const bool is_word = node.phrase.tokens.size() > 1 && node.phrase.gap_max == Gap::kSpace;
      const bool crosses = node.phrase.gap_max == Gap::kSentence;
      return tokens + (is_word ? "~" : crosses ? "!" : "");
    }
    case Op::kRegex:
      return fmt::format("/{}/", node.text);
    case Op::kName:
      return fmt::format("${}", node.text);
    case Op::kOr:
      return fmt::format("(or {})", children);
    case Op::kAnd:
      return fmt::format("(and {})", children);
    case Op::kNot:
      return fmt::format("(not {})", children);
    case Op::kNear:
      return fmt::format("({} {})", reach(), children);
    case Op::kNotNear:
      return fmt::format("(not-{} {})", reach(), children);
    case Op::kAtLeast:
      return fmt::format("(atleast/{} {})", node.count_min, children);
    case Op::kScope:
      return fmt::format("({} {})",
                         node.scope == Scope::kTitle  ? "title"
                         : node.scope == Scope::kLead ? "lead"
                                                      : "body",
                         children);
  }
  return "?";
}

struct ParseCase {
  std::string name;
  std::string query;
  std::string want;
};

void PrintTo(const ParseCase& c, std::ostream* out) { *out << c.query; }

class ParseTest : public testing::TestWithParam<ParseCase> {};

TEST_P(ParseTest, GivesTheTree) {
  QueryError error;
  const auto root = ParseQuery(GetParam().query, &error);
  ASSERT_TRUE(root) << error.what << "; " << error.mend;
  EXPECT_EQ(Show(*root), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Queries, ParseTest,
    testing::ValuesIn<ParseCase>({
        {"Word", "Truce", "truce"},
        {"Wildcards", "truce* OR *fire OR wom?n OR *cease*", "(or truce* *fire wom?n *cease*)"},
        {"HyphenHasTwoForms", "cease-fire", "(or cease_fire~ ceasefire)"},
        {"EnDashFromWord", "cease–fire", "(or cease_fire~ ceasefire)"},
        {"HyphenAndWildcard", "cease-fire*", "(or cease_fire*~ ceasefire*)"},
        {"ThreeParts", "state-of-the-art", "(or state_of_the_art~ stateoftheart)"},
        {"ApostropheHasOneForm", "п’ять", "п_ять~"},
        {"Abbreviation", "U.S.", "u_s~"},
        {"Han", "停火", "停_火~"},
        {"HanDropsStar", "停火*", "停_火~"},
        {"HanDropsStarBeforeIt", "*停火", "停_火~"},
        {"PeriodsJoinSingleLetters", "J.P.", "j_p~"},
        {"HonestCircumflexStays", "âgé*", "age*"},
        {"Phrase", "\"Cessation of  Hostilities\"", "cessation_of_hostilities"},
        {"CurlyPhrase", "“peace plan”", "peace_plan"},
        {"GermanQuotes", "„Waffen ruhe“", "waffen_ruhe"},
        {"PhraseOfHyphenated", "\"cease-fire deal\"", "(or cease_fire_deal ceasefire_deal)"},
        {"PhraseWithPunctuation", "\"peace - plan\"", "peace_plan"},
        {"PhraseWithAPeriodOfItsOwn", "\"St. Louis Cardinals\"", "st_louis_cardinals!"},
        {"PhraseWithAnExclamationMark", "\"Yahoo! Japan\"", "yahoo_japan!"},
        {"PhraseWithAPeriodBehindALetter", "\"U.S. Treasury\"", "u_s_treasury"},
        {"PhraseWithAPeriodAtItsEnd", "\"Acme Inc.\"", "acme_inc"},
        {"PhraseWithANumber", "\"3.5 million\"", "3_5_million"},
        {"PhraseWithQuestionMarkAsWildcard", "\"wom?n tal? now\"", "wom?n_tal?_now"},
        {"PhraseWithWildcard", "\"peace talk*\"", "peace_talk*"},
        {"Cased", "{Turkey}", "{turkey}"},
        {"CasedWithStarsInside", "{M*A*S*H}", "{m_a_s_h}"},
        {"CasedWithQuestionMarkAtAnEnd", "{Who? Weekly}", "{who_weekly}"},
        {"Regex", "/\\bSDN\\s+list\\/x\\b/", "/\\bSDN\\s+list\\/x\\b/"},
        {"Name", "$russia AND sanctions", "(and $russia sanctions)"},
        {"AndBindsTighterThanOr", "a1 OR b1 AND c1", "(or a1 (and b1 c1))"},
        {"NotBindsTighterThanAnd", "a1 AND b1 NOT c1", "(and a1 (and b1 (not c1)))"},
        {"AndNot", "a1 AND NOT b1", "(and a1 (not b1))"},
        {"NotTwice", "a1 NOT b1 NOT c1", "(and a1 (not b1) (not c1))"},
        {"NearBindsTightest", "a1 NOT b1 NEAR/3 c1", "(and a1 (not (NEAR/3 b1 c1)))"},
        {"NearIsLeftAssociative", "a1 NEAR/3 b1 ONEAR/5 c1", "(ONEAR/5 (NEAR/3 a1 b1) c1)"},
        {"NotNear", "pipeline NOT NEAR/3 (sales OR talent)",
         "(not-NEAR/3 pipeline (or sales talent))"},
        {"NotOrderedNear", "a1 NOT ONEAR/2 b1", "(not-ONEAR/2 a1 b1)"},
        {"NearSentence", "a1 NEAR/S b1", "(NEAR/S a1 b1)"},
        {"NearParagraph", "a1 ONEAR/P b1", "(ONEAR/P a1 b1)"},
        {"ScopeOnWord", "title:truce", "(title truce)"},
        {"ScopeOnGroup", "lead:(truce AND \"peace plan\")", "(lead (and truce peace_plan))"},
        {"ScopeWithSpace", "body: truce", "(body truce)"},
        {"AtLeast", "ATLEAST/3(sanctions OR embargo*)", "(atleast/3 (or sanctions embargo*))"},
        {"AtLeastRegex", "ATLEAST/2(/x+y/)", "(atleast/2 /x+y/)"},
        {"Nested", "((a1))", "a1"},
        {"LineBreaksAreSpaces", "a1\n  OR b1", "(or a1 b1)"},
        {"LowerCaseOperatorInQuotes", "\"and\" OR truce", "(or and truce)"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

struct ErrorCase {
  std::string name;
  std::string query;
  size_t at;
  std::string what;  // part of it
  std::string mend;  // part of it
};

void PrintTo(const ErrorCase& c, std::ostream* out) { *out << c.query; }

class ParseErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(ParseErrorTest, NamesPlaceAndMend) {
  QueryError error;
  EXPECT_FALSE(ParseQuery(GetParam().query, &error));
  EXPECT_EQ(error.at, GetParam().at);
  EXPECT_NE(error.what.find(GetParam().what), std::string::npos) << error.what;
  EXPECT_NE(error.mend.find(GetParam().mend), std::string::npos) << error.mend;
}

INSTANTIATE_TEST_SUITE_P(
    Queries, ParseErrorTest,
    testing::ValuesIn<ErrorCase>({
        {"Empty", "  ", 2, "empty query", "word"},
        {"TwoWords", "peace plan", 6, "right behind", "quotes"},
        {"LowerCaseOperator", "peace and plan", 6, "`and`", "capitals"},
        {"LowerCaseOperatorAtTheBegin", "not truce", 0, "`not` reads like an operator", "capitals"},
        {"OperatorWithACapitalFirst", "peace And plan", 6, "`And` reads", "capitals"},
        {"LowerCaseAtLeast", "atleast/2(truce)", 0, "`atleast/2` reads", "capitals"},
        {"ControlCharacter", "/\bSDN\b/", 1, "control character", "query: >-"},
        {"LowerCaseNear", "peace near/3 plan", 6, "`near/3`", "capitals"},
        {"MissingOperand", "peace OR", 8, "ends here", "expected"},
        {"OpenQuote", "a1 OR \"peace", 6, "quote", "close"},
        {"OpenGroup", "a1 AND (b1 OR c1", 7, "not closed", ")"},
        {"StrayClose", "a1) OR b1", 2, "`)`", "remove"},
        {"OpenRegex", "/abc", 0, "regex", "close"},
        {"OpenBrace", "{Turkey", 0, "not closed", "}"},
        {"EmptyRegex", "//", 0, "empty regex", "pattern"},
        {"NearWithoutNumber", "a1 NEAR b1", 3, "no distance", "NEAR/8"},
        {"NearTooFar", "a1 NEAR/5000 b1", 3, "no distance", "NEAR/8"},
        {"AtLeastWithoutGroup", "ATLEAST/3 sanctions", 10, "without parentheses", "ATLEAST/3("},
        {"UnknownField", "headline:truce", 0, "no field", "title:"},
        {"Url", "http://x.org", 0, "no field", "quotes"},
        {"FieldInField", "title:lead:truce", 6, "inside a field", "keep one"},
        {"StarInside", "tr*ce", 0, "inside the word", "?"},
        {"WildcardTooBroad", "tr*", 0, "too broad", "3 letters"},
        {"QuestionMarksDoNotCount", "t??*", 0, "too broad", "3 letters"},
        {"StarByItselfInPhrase", "\"the * deal\"", 0, "`*` is too broad", "3 letters"},
        {"StarBehindHyphen", "fire-*", 0, "too broad", "3 letters"},
        {"StarBeforeHyphen", "*-fire", 0, "too broad", "3 letters"},
        {"StarInBraces", "{Turk*}", 0, "wildcard", "each form"},
        {"QuestionMarkInBraces", "{Turk?y}", 0, "wildcard", "each form"},
        {"HyphenForNot", "war AND -truce", 8, "begins with a hyphen", "write NOT"},
        {"PeriodInWord", "Booking.com", 0, "more than one word", "quote it: \"Booking.com\""},
        {"PeriodInNumber", "3.5", 0, "more than one word", "quote it"},
        {"PeriodBehindOneLetter", "e.on", 0, "more than one word", "quote it"},
        {"SlashInWord", "km/h", 0, "more than one word", "quote it"},
        {"NothingInWord", "&", 0, "no letter", "remove"},
        {"NothingInPhrase", "\" - \"", 0, "without a letter", "words"},
        {"AndInNear", "a1 NEAR/3 (b1 AND c1)", 10, "AND inside NEAR/3",
         "(x NEAR/3 b1) AND (x NEAR/3 c1)"},
        {"AndOfThreeInNear", "a1 NEAR/3 (b1 AND c1 AND d1)", 10, "AND inside NEAR/3",
         "(x NEAR/3 b1) AND (x NEAR/3 c1) AND (x NEAR/3 d1)"},
        {"AndOnTheLeftKeepsTheOrder", "(b1 AND c1) ONEAR/3 a1", 0, "AND inside ONEAR/3",
         "(b1 ONEAR/3 x) AND (c1 ONEAR/3 x)"},
        {"AndInNotNear", "a1 NOT NEAR/3 (b1 AND c1)", 14, "AND inside NEAR/3", "write OR"},
        {"AndNotInNear", "(a1 NOT b1) NEAR/3 c1", 0, "AND inside", "(a NEAR/3 b) NOT c"},
        {"NotInNear", "a1 NEAR/3 (NOT b1)", 10, "NOT inside NEAR/3", "write a NOT NEAR/3 b"},
        {"NotOnTheLeft", "(NOT b1) NEAR/3 a1", 0, "NOT inside NEAR/3", "(a NEAR/3 b) NOT c"},
        {"ScopeInNear", "title:a1 NEAR/3 b1", 0, "a field inside", "title:(a NEAR/3 b)"},
        {"RegexInNear", "/x+/ NEAR/3 b1", 0, "a regex inside", "wildcards"},
        {"AtLeastInNear", "a1 NEAR/3 ATLEAST/2(b1)", 10, "ATLEAST inside", "take it out"},
        {"AndInAtLeast", "ATLEAST/2(a1 AND b1)", 9, "AND inside ATLEAST/2",
         "write ATLEAST/2(a1) AND ATLEAST/2(b1)"},
        {"ScopeInAtLeast", "ATLEAST/2(title:a1)", 9, "a field inside", "title:ATLEAST/2(a)"},
        {"RegexAmongOthersInAtLeast", "ATLEAST/2(/x+/ OR b1)", 10, "a regex inside",
         "ATLEAST/2(/pattern/)"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ParserTest, RefusesDepthInsteadOfExhaustingTheStack) {
  QueryError error;
  EXPECT_FALSE(ParseQuery(std::string(60000, '(') + "a1", &error));
  EXPECT_NE(error.what.find("nested too deeply"), std::string::npos);
}

TEST(ParserTest, RefusesHugeQueries) {
  QueryError error;
  EXPECT_FALSE(ParseQuery(std::string(kQueryBytesMax + 1, 'a'), &error));
}

}  // namespace
}  // namespace tocsin::rules
