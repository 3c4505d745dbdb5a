#include "rules/scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

using Found = std::vector<std::string>;

struct ScanCase {
  std::string name;
  std::string query;
  Document document;
  Found want;
};

void PrintTo(const ScanCase& c, std::ostream* out) {
  *out << c.query << " over " << c.document.body;
}

class ScanTest : public testing::TestWithParam<ScanCase> {};

TEST_P(ScanTest, FindsTheSpans) {
  EXPECT_EQ(FindAll(GetParam().query, GetParam().document), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Atoms, ScanTest,
    testing::ValuesIn<ScanCase>({
        {"EmptyArticle", "truce", {}, {}},
        {"WordAnyCase", "truce", {.body = "TRUCE now, a Truce."}, {"TRUCE", "Truce"}},
        {"WordIsWhole", "nato", {.body = "Senatoren NATO"}, {"NATO"}},
        {"WordAtBothEnds", "truce", {.body = "truce"}, {"truce"}},
        {"WordJoinedByHyphen", "truce", {.body = "pre-truce talks"}, {"truce"}},
        {"NulEndsAWordAndNoText",
         "truce",
         {.body = std::string_view("truce\0truce talks\0\0 a truce\0", 28)},
         {"truce", "truce", "truce"}},
        {"NulBeforeARegexAndACasedWord",
         "/tr[u]ce/ OR {Turkey}",
         {.body = std::string_view("\0a truce in\0Turkey", 18)},
         {"truce", "Turkey"}},
        {"PrefixWildcard", "truce*", {.body = "truces and atruce"}, {"truces"}},
        {"SuffixWildcard", "*fire", {.body = "ceasefire fire fires"}, {"ceasefire", "fire"}},
        {"BothWildcards",
         "*stand*",
         {.body = "Waffenstillstandsabkommen"},
         {"Waffenstillstandsabkommen"}},
        {"OneLetterFirstWithoutATitle", "?a?b?", {.body = "ban, ma?bs xaybz"}, {"xaybz"}},
        {"OneLetterFirstAndNoWords", "?a?b?", {.title = "...", .body = "!!!"}, {}},
        {"OneLetterFirstAndNoArticle", "?a?b?", {}, {}},
        {"OneLetter", "wom?n", {.body = "woman womän womn womaan"}, {"woman", "womän"}},
        {"OneLetterIsACodePoint", "м?р", {.body = "мир мор мр"}, {"мир", "мор"}},
        {"SoftHyphenBehindAWordIsNoPartOfIt",
         "trêve OR {Turquie}",
         {.body = "Trêve\u00AD en Turquié\u00AD, {Turquie\u00AD}"},
         {"Trêve", "Turquie"}},
        {"ZeroWidthSpaceBehindAWordTakenApart",
         "ガザ",
         {.body = "カ\u3099サ\u3099\u200Bで"},
         {"カ\u3099サ\u3099"}},
        {"JoinedFormKeepsTheApostrophe",
         "peace-keeper's",
         {.body = "peacekeepers, peacekeeper's, peace keeper's"},
         {"peacekeeper's", "peace keeper's"}},
        {"Phrase",
         "\"peace plan\"",
         {.body = "peace  plan, peace\nplan, peace, plan"},
         {"peace  plan", "peace\nplan", "peace, plan"}},
        {"PhraseStopsAtSentence", "\"peace plan\"", {.body = "They want peace. Plan B"}, {}},
        {"PhraseStopsAtField", "\"peace plan\"", {.title = "peace", .body = "plan"}, {}},
        {"PhraseCrossesAbbreviation",
         "\"U.S. Treasury\"",
         {.body = "the U.S. Treasury said"},
         {"U.S. Treasury"}},
        {"PhraseWrittenWithTheEndOfASentence",
         "\"Acme Bros. Discovery\" OR \"Yodel! Japan\"",
         {.body = "Shares of Acme Bros. Discovery and Yodel! Japan fell."},
         {"Acme Bros. Discovery", "Yodel! Japan"}},
        {"PhraseWrittenWithTheEndOfASentenceInAProximity",
         "shares NEAR/8 (\"Yodel! Japan\" NOT NEAR/2 old)",
         {.body = "Shares of Yodel! Japan fell. In old Yodel! Japan none fell."},
         {"Shares of Yodel! Japan"}},
        {"PhraseWrittenWithTheEndOfASentenceWhoseKeyLiesBehindIt",
         "truce NEAR/2 ((\"of the! Japan\" NOT NEAR/2 old) OR (talks NEAR/2 rates))",
         {.body = "A truce of the! Japan fell."},
         {"truce of the! Japan"}},
        {"PhraseWithWildcards",
         "\"peace talk* round\"",
         {.body = "the peace talks round"},
         {"peace talks round"}},
        {"PhraseOfWildcardFirst",
         "\"*stan border\"",
         {.body = "at Pakistan border"},
         {"Pakistan border"}},
        {"HyphenForms",
         "cease-fire",
         {.body = "ceasefire cease-fire cease fire cease, fire"},
         {"ceasefire", "cease-fire", "cease fire"}},
        {"HyphenBrokenLine", "cease-fire", {.body = "cease-\nfire"}, {"cease-\nfire"}},
        {"SoftHyphenInText",
         "ceasefire",
         {.body = "cease\xC2\xAD"
                  "fire"},
         {"cease\xC2\xAD"
          "fire"}},
        {"StateOfTheArtIsNotArt", "\"the art\"", {.body = "state-of-the-art"}, {"the-art"}},
        {"Mojibake", "ceasefire", {.body = "an âceasefireâ now"}, {"ceasefire"}},
        {"UkrainianApostrophes",
         "п'ять",
         {.body = "п’ять п'ять пʼять"},
         {"п’ять", "п'ять", "пʼять"}},
        {"Turkish", "yaptırım", {.body = "YAPTIRIM"}, {"YAPTIRIM"}},
        {"HanInsideText", "停火", {.body = "双方同意停火协议"}, {"停火"}},
        {"HanNotAcrossPunctuation", "停火", {.body = "停，火"}, {}},
        {"KanaIsNotUnvoiced", "カサ", {.body = "ガザ"}, {}},
        {"Thai", "หยุดยิง", {.body = "ข้อตกลงหยุดยิงในกาซา"}, {"หยุดยิง"}},
        {"Hindi", "युद्धविराम", {.body = "युद्धविराम पर"}, {"युद्धविराम"}},
        {"ArabicWithPoints", "هدنة", {.body = "هُدْنَة"}, {"هُدْنَة"}},
        {"Cased", "{Turkey}", {.body = "turkey Turkey TURKEY"}, {"Turkey"}},
        {"CasedAccents",
         "{São Paulo}",
         {.body = "Sao Paulo, São Paulo, Sa\xCC\x83o Paulo"},
         {"São Paulo", "Sa\xCC\x83o Paulo"}},
        {"CasedDoesNotSeeSoftHyphens",
         "{Turkey} OR {São Paulo}",
         {.body = "Tur\u00ADkey, tur\u00ADkey, Sã\u200Bo Pau\u2060lo, Sao\u00AD Paulo"},
         {"Tur\u00ADkey", "Sã\u200Bo Pau\u2060lo"}},
        {"CasedQueryMayHoldSoftHyphens", "{Tur\u00ADkey}", {.body = "turkey Turkey"}, {"Turkey"}},
        {"CasedDoesNotSeeTatweel", "{هدنة}", {.body = "هـدنة هدنه"}, {"هـدنة"}},
        {"PersianJoinerInEveryForm",
         "می\u200Cخواهم",
         {.body = "می\u200Cخواهم، می خواهم، میخواهم"},
         {"می\u200Cخواهم", "می خواهم", "میخواهم"}},
        {"ThaiSaraAmWhole", "น้ำ", {.body = "น้ำมัน น้\u0E4D\u0E32 นา"}, {"น้ำ", "น้\u0E4D\u0E32"}},
        {"Regex", "/\\bSDN\\s+list\\b/", {.body = "the SDN  list, the sdn list"}, {"SDN  list"}},
        {"RegexBoundaryInCyrillic", "/\\bсанкции\\b/", {.body = "новые санкции."}, {"санкции"}},
        {"RegexBackReference", "/(\\w)\\1\\1/", {.body = "hmmm aab"}, {"mmm"}},
        {"RegexLookBehind", "/(?<=EU )embargo/", {.body = "EU embargo, UN embargo"}, {"embargo"}},
        {"RegexInEveryField",
         "/x\\d/",
         {.title = "x1", .lead = "x2", .body = "x3"},
         {"x1", "x2", "x3"}},
        {"RegexBesideWord", "truce AND /[0-9]{2}%/", {.body = "truce 45%"}, {"truce", "45%"}},
        {"OverlappingPhrases", "\"a b\" OR \"b c\"", {.body = "a b c"}, {"a b", "b c"}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Operators, ScanTest,
    testing::ValuesIn<ScanCase>({
        {"And", "truce AND gaza", {.title = "Gaza", .body = "truce"}, {"Gaza", "truce"}},
        {"AndFails", "truce AND gaza", {.body = "truce"}, {}},
        {"OrGivesBoth", "truce OR gaza", {.body = "truce in Gaza"}, {"truce", "Gaza"}},
        {"OrLeavesOutWhatDoesNotHold",
         "truce OR (gaza AND peace)",
         {.body = "truce in Gaza"},
         {"truce"}},
        {"Not", "truce NOT gaza", {.body = "truce"}, {"truce"}},
        {"NotFails", "truce NOT gaza", {.body = "truce in Gaza"}, {}},
        {"NotGroupOfNegations", "NOT (NOT truce OR gaza)", {.body = "truce"}, {}},
        {"NearEitherOrder",
         "russia NEAR/3 sanctions",
         {.body = "sanctions on Russia"},
         {"sanctions on Russia"}},
        {"NearDistanceIsStartMinusEnd",
         "\"new sanctions\" NEAR/2 russia",
         {.body = "new sanctions on Russia"},
         {"new sanctions on Russia"}},
        {"NearTooFar", "sanctions NEAR/2 russia", {.body = "sanctions on oil Russia"}, {}},
        {"NearAdjacentIsOne", "a1 NEAR/1 b1", {.body = "a1 b1"}, {"a1 b1"}},
        {"NearOverlapDoesNotCount",
         "\"sales pipeline\" NEAR/5 pipeline",
         {.body = "sales pipeline"},
         {}},
        {"NearCrossesParagraphs", "a1 NEAR/5 b1", {.body = "a1\n\nb1"}, {"a1\n\nb1"}},
        {"NearStopsAtField", "a1 NEAR/5 b1", {.title = "a1", .body = "b1"}, {}},
        {"NearIsMinimal", "a1 NEAR/5 b1", {.body = "a1 a1 b1 b1"}, {"a1 b1"}},
        {"NearNested", "(a1 NEAR/2 b1) NEAR/3 c1", {.body = "a1 b1 x x c1"}, {"a1 b1 x x c1"}},
        {"OrderedNear", "impose* ONEAR/4 sanctions", {.body = "sanctions imposed"}, {}},
        {"NearSentence",
         "a1 NEAR/S b1",
         {.body = "A1 held, said b1. B1 left."},
         {"A1 held, said b1"}},
        {"NearSentenceFails", "a1 NEAR/S b1", {.body = "A1 held. B1 left."}, {}},
        {"NearParagraph", "a1 NEAR/P b1", {.body = "A1 held. B1 left.\n\nEnd"}, {"A1 held. B1"}},
        {"NearParagraphFails", "a1 NEAR/P b1", {.body = "A1 held.\n\nB1 left."}, {}},
        {"NotNearKeepsCleanOnes",
         "pipeline NOT NEAR/2 sales",
         {.body = "sales pipeline of the year, an oil pipeline"},
         {"pipeline"}},
        {"NotNearFails", "pipeline NOT NEAR/2 sales", {.body = "a pipeline of sales"}, {}},
        {"NotNearAPhraseWhoseSecondWordIsTheRarer",
         "pipeline NOT NEAR/4 \"the xylophone\"",
         {.body = "a pipeline in the xylophone"},
         {}},
        {"NotOrderedNearLooksBehindOnly",
         "pipeline NOT ONEAR/1 sales",
         {.body = "sales pipeline, pipeline sales"},
         {"pipeline"}},
        {"NotNearSentence",
         "pipeline NOT NEAR/S sales",
         {.body = "A pipeline leaks. Sales of the pipeline rise."},
         {"pipeline"}},
        {"NotNearPartReachesOutOfTheWindow",
         "truce NOT NEAR/1 (x1 OR (the NEAR/5 armistice))",
         {.body = "Truce the q q q armistice"},
         {}},
        {"NotNearPartReachesAsFarAsItsSentence",
         "truce NOT NEAR/1 (x1 OR (the NEAR/S armistice))",
         {.body = "Truce the q q q q q q q q armistice"},
         {}},
        {"NotNearPartDoesNotOccur",
         "truce NOT NEAR/1 (x1 OR (the NEAR/S armistice))",
         {.body = "Truce the day. An armistice."},
         {"Truce"}},
        {"EachPartOfAnOrIsFound",
         "(a1 NEAR/2 b1) OR (c1 NEAR/2 d1) OR (e1 NOT NEAR/1 f1) OR g1",
         {.body = "c1 d1. E1. G1. A1. B1"},
         {"c1 d1", "E1", "G1", "A1. B1"}},
        {"PhraseCutOffByTheBeginning", "\"of the armistice\"", {.body = "armistice"}, {}},
        {"PhraseCutOffByTheEnd", "\"armistice of the\"", {.body = "armistice"}, {}},
        {"PhraseWithAWildcardBesideItsKey",
         "\"sig* armistice\" OR \"w?n armistice\"",
         {.body = "to sign armistice, won armistice, sig armistice, wan armistice, sin armistice"},
         {"sign armistice", "won armistice", "sig armistice", "wan armistice"}},
        {"ScopeTitle", "title:truce", {.title = "Truce", .body = "truce"}, {"Truce"}},
        {"ScopeBody", "body:truce", {.title = "Truce", .body = "truce"}, {"truce"}},
        {"ScopeLeadEndsWithItsFullStop",
         "lead:/truce\\./",
         {.body = "A truce.\n\nThe truce."},
         {"truce."}},
        {"ScopeLeadMapped", "lead:truce", {.lead = "A truce", .body = "truce"}, {"truce"}},
        {"ScopeLeadIsFirstParagraph",
         "lead:truce",
         {.body = "Truce holds.\n\nA truce again."},
         {"Truce"}},
        {"ScopeLeadNotInSecondParagraph",
         "lead:truce",
         {.body = "It holds.\n\nA truce again."},
         {}},
        {"ScopeOnGroup", "title:(truce AND gaza)", {.title = "truce", .body = "gaza"}, {}},
        {"AtLeast",
         "ATLEAST/2(sanctions)",
         {.body = "sanctions and sanctions"},
         {"sanctions", "sanctions"}},
        {"AtLeastFails", "ATLEAST/3(sanctions)", {.body = "sanctions and sanctions"}, {}},
        {"AtLeastCountsOverlapsOnce",
         "ATLEAST/2(\"oil pipeline\" OR pipeline)",
         {.body = "oil pipeline"},
         {}},
        {"AtLeastCountsRepeatedLeadOnce",
         "ATLEAST/2(truce)",
         {.lead = "A truce holds.", .body = "A truce holds. All is well."},
         {}},
        {"AtLeastCountsOwnLead",
         "ATLEAST/2(truce)",
         {.lead = "Truce at last", .body = "A truce holds."},
         {"Truce", "truce"}},
        {"AtLeastRegex", "ATLEAST/2(/x\\d/)", {.body = "x1 x2"}, {"x1", "x2"}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ScannerTest, AnOperandWithoutABoundIsLookedForInAWindow) {
  const auto rule_set = LoadTexts(
      {"topic: t\nrules:\n  - {id: t.a, query: '(x NEAR/S y OR armistice) NEAR/5 {Geneva}'}\n"});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  Matches matches;
  ASSERT_TRUE(scanner->Scan({.body = "Geneva armistice"}, &matches).ok());
  EXPECT_EQ(matches.rules.size(), 1U);
}

TEST(ScannerTest, LanguagesLimitARuleButNotTheUnknown) {
  const auto rule_set =
      LoadTexts({"topic: t\nrules:\n  - {id: t.a, languages: [pt-BR], query: sanção}\n"
                 "  - {id: t.b, languages: [PT], query: sanção}\n"});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  Matches matches;
  const auto matched = [&](std::string_view language) {
    EXPECT_TRUE(scanner->Scan({.body = "a sanção", .language = language}, &matches).ok());
    return matches.rules.size();
  };
  for (const std::string_view language :
       {"pt", "pt-PT", "PT", "pt_BR", "PT-br", "pt_BR.UTF-8", ""}) {
    EXPECT_EQ(matched(language), 2u) << language;
  }
  for (const std::string_view language : {"en", "EN", "ptx", "p", "-pt"}) {
    EXPECT_EQ(matched(language), 0u) << language;
  }
}

TEST(ScannerTest, KeepsThirtyTwoSpansAndCountsAll) {
  const auto rule_set = LoadTexts({RuleFileText("truce")});
  ASSERT_TRUE(rule_set.ok());
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  std::string body;
  for (int i = 0; i < 40; ++i) body += "truce ";
  Matches matches;
  ASSERT_TRUE(scanner->Scan({.body = body}, &matches).ok());
  ASSERT_EQ(matches.rules.size(), 1u);
  EXPECT_EQ(matches.rules[0].hits, 40u);
  EXPECT_EQ(matches.Evidence(matches.rules[0]).size(), 32u);
}

TEST(ScannerTest, AHostileRegexIsAnErrorNotAMiss) {
  const auto rule_set = LoadTexts({RuleFileText("/(a+)+b/")});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  Matches matches;
  const std::string body = std::string(5000, 'a') + "c b";
  const absl::Status status = scanner->Scan({.body = body + " ab"}, &matches);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_NE(status.message().find("rule t.r"), absl::string_view::npos) << status;
  EXPECT_TRUE(matches.rules.empty());
  ASSERT_TRUE(
      scanner->Scan({.body = "an aab"}, &matches).ok());  // of the next article no more is kept
  EXPECT_EQ(matches.rules.size(), 1u);
}

TEST(ScannerTest, StaysUsableFromArticleToArticle) {
  const auto rule_set = LoadTexts({RuleFileText("truce NOT NEAR/2 trade")});
  ASSERT_TRUE(rule_set.ok());
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  Matches matches;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(scanner->Scan({.body = "a truce"}, &matches).ok());
    EXPECT_EQ(matches.rules.size(), 1u);
    ASSERT_TRUE(scanner->Scan({.body = "a trade truce"}, &matches).ok());
    EXPECT_EQ(matches.rules.size(), 0u);
  }
}

}  // namespace
}  // namespace tocsin::rules
