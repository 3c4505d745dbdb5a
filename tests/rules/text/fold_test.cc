#include "rules/text/fold.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin::rules {
namespace {

struct FoldCase {
  std::string name;
  std::string text;
  std::string want;
  std::string language;
};

class FoldTest : public testing::TestWithParam<FoldCase> {};

TEST_P(FoldTest, GivesTheStream) {
  EXPECT_EQ(Fold(GetParam().text, GetParam().language), GetParam().want);
}

TEST_P(FoldTest, IsIdempotent) {
  const std::string once = Fold(GetParam().text, GetParam().language);
  EXPECT_EQ(Fold(once, GetParam().language), once);
}

TEST_P(FoldTest, GivesTheSameWithTokens) {
  Folder folder;
  folder.AppendWithTokens(GetParam().text, GetParam().language);
  EXPECT_EQ(folder.stream(), GetParam().want);
  size_t spaces = 0;
  for (const char c : folder.stream()) spaces += c == ' ';
  EXPECT_EQ(folder.tokens().size(), spaces - 1);
}

INSTANTIATE_TEST_SUITE_P(
    Latin, FoldTest,
    testing::ValuesIn<FoldCase>({
        {"Empty", "", " "},
        {"OnlyPunctuation", " -- ... ", " "},
        {"LowersAscii", "CeaseFire NOW", " ceasefire now "},
        {"SqueezesSeparators", "a,  b -- c\r\n\r\nd", " a b c d "},
        {"KeepsDigits", "MH17 in 2014", " mh17 in 2014 "},
        {"SplitsAtHyphen", "cease-fire", " cease fire "},
        {"SplitsAtApostrophe", "Israel's", " israel s "},
        {"SplitsInitials", "U.S. Treasury", " u s treasury "},
        {"SplitsHyphenChains", "state-of-the-art", " state of the art "},
        {"SplitsAtUnderscore", "cease_fire", " cease fire "},
        {"StripsAccents", "Zürich São Paulo trêve", " zurich sao paulo treve "},
        {"StripsCombiningMarks", "tre\xCC\x82ve", " treve "},
        {"StripsManyMarks", "e\xCC\x81\xCC\xA3\xCC\x88x", " ex "},
        {"IotaSubscriptIsPassedByMarks", "α\u0345\u05B7", " αι "},
        {"StripsMarksAroundASpacingOne", "a\u0302\u0302\u302F", " a\u302F "},
        {"ExpandsSharpS", "Straße", " strasse "},
        {"FoldsPolish", "Łódź", " lodz "},
        {"FoldsDanish", "Ødegård", " odegard "},
        {"FoldsCroatian", "Đoković", " dokovic "},
        {"FoldsTurkishDotless", "yaptırım", " yaptirim "},
        {"FoldsTurkishCapitals", "YAPTIRIM", " yaptirim "},
        {"FoldsTurkishDottedCapital", "İSTANBUL", " istanbul "},
        {"FoldsDecomposedDottedCapital", "I\xCC\x87STANBUL", " istanbul "},
        {"FoldsLigature", "\xEF\xAC\x81nance", " finance "},
        {"FoldsLongS", "ſanctions", " sanctions "},
        {"FoldsFullWidth", "ＣｅａｓｅＦｉｒｅ", " ceasefire "},
        {"FoldsMathematicalLetters", "\xF0\x9D\x90\x80\xF0\x9D\x90\x81", " ab "},
        {"SoftHyphenVanishes",
         "cease\xC2\xAD"
         "fire",
         " ceasefire "},
        {"ZeroWidthSpaceVanishes",
         "cease\xE2\x80\x8B"
         "fire",
         " ceasefire "},
        {"ByteOrderMarkVanishes",
         "\xEF\xBB\xBF"
         "truce",
         " truce "},
        {"SuperscriptIsBoundary", "ceasefire²", " ceasefire "},
        {"SubscriptIsBoundary", "CO₂ pipeline", " co pipeline "},
        {"TrademarkIsBoundary", "Pipeline™ talks", " pipeline talks "},
        {"EmojiIsBoundary", "truce🕊now", " truce now "},
        {"CurlyQuotesAreBoundaries", "“truce”", " truce "},
        {"EnDashIsBoundary", "cease–fire", " cease fire "},
        {"NonBreakingHyphenIsBoundary", "cease‑fire", " cease fire "},
        {"RomanNumeralIsAWord", "Ⅷ", " viii "},
        {"MarkOnSignVanishes", "=\xCC\xB8 x", " x "},
        {"VietnameseStripsStackedMarks", "ngừng bắn", " ngung ban "},
    }),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(OtherScripts, FoldTest,
                         testing::ValuesIn<FoldCase>({
                             {"RussianCase", "САНКЦИИ", " санкции "},
                             {"RussianYo", "самолётов", " самолетов "},
                             {"RussianKeepsShortI", "Войны й", " войны й "},
                             {"RussianComposesShortI", "и\xCC\x86", " й "},
                             {"RussianStressVanishes", "са\xCC\x81нкции", " санкции "},
                             {"RussianStressOnShortIVanishes", "и\xCC\x86\xCC\x81", " й "},
                             {"UkrainianKeepsYi", "їхній", " їхній "},
                             {"UkrainianComposesYi", "і\xCC\x88х", " їх "},
                             {"UkrainianApostropheStraight", "п'ять", " п ять "},
                             {"UkrainianApostropheCurly", "п’ять", " п ять "},
                             {"UkrainianApostropheModifier", "пʼять", " п ять "},
                             {"GreekAccentAndFinalSigma", "Κυρώσεις", " κυρωσεισ "},
                             {"GreekIotaSubscript", "ᾳ", " αι "},
                             {"HebrewPointsVanish", "שָׁלוֹם", " שלום "},
                             {"HebrewMaqafSplits", "הפסקת־אש", " הפסקת אש "},
                             {"ArabicHarakatVanish", "هُدْنَة", " هدنه "},
                             {"ArabicTatweelVanishes", "هـدنة", " هدنه "},
                             {"ArabicMedialMarksVanish", "ه\uFE77دنة", " هدنه "},
                             {"ArabicMarksOfTheirOwnSeparate", "هدنة\uFE70هدنة", " هدنه هدنه "},
                             {"ArabicAlefsUnify", "أإآٱا", " ااااا "},
                             {"ArabicYehsUnify", "علىی", " عليي "},
                             {"HindiViramaStays", "युद्धविराम", " युद्धविराम "},
                             {"HindiNuktaComesBeforeVirama", "क\u094D\u093C", " क\u093C\u094D "},
                             {"DigitsOfAnyScriptKeepMarks", "٣\u0651 3\u0651", " 3\u0651 3\u0651 "},
                             {"ThaiVowelComesBeforeTone", "ก\u0E49\u0E38", " ก\u0E38\u0E49 "},
                             {"ArabicIndicDigits", "١٩٧٣", " 1973 "},
                             {"PersianPrefixSplits", "می\u200Cخواهم", " مي خواهم "},
                             {"PersianJoinerSplits",
                              "آتش\xE2\x80\x8C"
                              "بس",
                              " اتش بس "},
                             {"DevanagariKeepsMarks", "युद्धविराम", " युद्धविराम "},
                             {"DevanagariDigits", "२०२४", " 2024 "},
                             {"BengaliKeepsMarks", "যুদ্ধবিরতি", " যুদ্ধবিরতি "},
                             {"HanIsATokenACharacter", "停火协议", " 停 火 协 议 "},
                             {"HanBesideLatin", "与G7国家", " 与 g7 国 家 "},
                             {"KatakanaKeepsVoicing", "ガザ", " ガ ザ "},
                             {"KatakanaComposesVoicing", "カ\xE3\x82\x99サ", " ガ サ "},
                             {"HalfWidthKatakana", "ｶﾞｻﾞ", " ガ ザ "},
                             {"HiraganaClusters", "がれき", " が れ き "},
                             {"ProlongedSoundIsACluster", "ルール", " ル ー ル "},
                             {"ThaiClusters", "หยุดยิง", " ห ยุ ด ยิ ง "},
                             {"ThaiSaraAmIsOneCluster", "น้ำมัน", " น้ํา มั น "},
                             {"ThaiSaraAmTakenApart", "น้\u0E4D\u0E32มัน", " น้ํา มั น "},
                             {"ThaiSaraAmWithASoftHyphenInside", "น\u0E4D\u00AD\u0E32", " นํา "},
                             {"ThaiSaraAaIsAClusterOfItsOwn", "กา", " ก า "},
                             {"LaoSaraAmIsOneCluster", "ນ້ຳ", " ນ້ໍາ "},
                             {"LaoClusters", "ຢຸດ", " ຢຸ ດ "},
                             {"KhmerClusters", "ឈប់", " ឈ ប់ "},
                             {"HangulStaysWhole", "휴전 협정", " 휴전 협정 "},
                             {"HangulJamoCompose", "\xE1\x84\x92\xE1\x85\xB2", " 휴 "},
                             {"ArabicLigatureIsFourWords", "\xEF\xB7\xBA", " صلي الله عليه وسلم "},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Debris, FoldTest,
    testing::ValuesIn<FoldCase>({
        {"LoneOnBothSides", "âceasefireâ", " ceasefire "},
        {"LoneOnBothSidesDecomposed",
         "a\xCC\x82"
         "ceasefirea\xCC\x82",
         " ceasefire "},
        {"LoneAlone", "talks â and", " talks and "},
        {"LoneBehindAWord", "productiveâ.", " productive "},
        {"Cp1252Quotes", "â€œtruceâ€\xC2\x9D held", " truce held "},
        {"Cp1252Apostrophe", "Israelâ€™s", " israel s "},
        {"Cp1252Dash", "talksâ€“and", " talks and "},
        {"Cp1250OpeningQuote", "â€śtruceâ€ť held", " truce held "},
        {"Latin1Quotes", "â\xC2\x80\xC2\x9Ctruceâ\xC2\x80\xC2\x9D", " truce "},
        {"TwiceRead", "Ă˘â‚¬Ĺ“truce", " truce "},
        {"NoBreakSpace", "trucaÂ\xC2\xA0talks", " truca talks "},
        {"BehindAnotherOne", "productiveâÂ\xC2\xA0talks", " productive talks "},
        {"SoftHyphenInAFrenchWord", "théâ\u00ADtre", " theatre ", "fr"},
        {"FrenchWordStays", "âgé bâtiment", " age batiment ", "fr"},
        {"FrenchDebrisProven", "âceasefireâ dit-il", " ceasefire dit il ", "fr"},
        {"FrenchDebrisProvenDecomposed", "âceasefirea\u0302 dit-il", " ceasefire dit il ", "fr"},
        {"EnglishInCapitals", "said âceasefire now", " said ceasefire now ", "EN"},
        {"EnglishAsALocale", "said âceasefire now", " said ceasefire now ", "en_US.UTF-8"},
        {"EnglishLeadingAlone", "said âceasefire now", " said ceasefire now ", "en-GB"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(FolderTest, KeepsFieldsApart) {
  Folder folder;
  folder.Append("peace", "en");
  folder.Append("", "en");
  folder.Append("plan", "en");
  EXPECT_EQ(folder.stream(), " peace \n \n plan ");
}

// A stack frame, or another look at all the rest, for each of them is a way to stop a worker.
TEST(FolderTest, LongRowsOfDebrisAreReadOnce) {
  std::string row;
  for (int i = 0; i < 500'000; ++i) row += "â";
  EXPECT_EQ(Fold("truce" + row + " held"), " truce held ");
  EXPECT_EQ(Fold(row + "held", "fr"), " " + std::string(500'000, 'a') + "held ");
}

TEST(FolderTest, LongWordsOfManyPartsAreReadOnce) {
  std::string parts;
  for (int i = 0; i < 300'000; ++i) parts += "c\u00AD";
  EXPECT_EQ(Fold(parts), " " + std::string(300'000, 'c') + " ");
}

// To order marks takes time in the square of their number.
TEST(FolderTest, LongRowsOfMarksAreCut) {
  std::string marks;
  for (int i = 0; i < 200'000; ++i) marks += "\u0302\u0316";
  const std::string once = Fold("न" + marks + " cease" + marks + "fire");
  EXPECT_EQ(once.size(),
            std::string(" न").size() + size_t{30} * 2 + std::string(" ceasefire ").size());
  EXPECT_EQ(Fold(once), once);
}

TEST(FolderTest, TokensSpanTheirSourceWithMarks) {
  const std::string text = "A tre\xCC\x82ve, 停火²";
  Folder folder;
  folder.AppendWithTokens(text, "fr");
  std::vector<std::string> sources;
  for (const Token& token : folder.tokens()) {
    sources.push_back(text.substr(token.source_begin, token.source_end - token.source_begin));
  }
  EXPECT_EQ(sources, (std::vector<std::string>{"A", "tre\xCC\x82ve", "停", "火"}));
}

TEST(FolderTest, CountsBytesOfItsOwnFieldOnly) {
  Folder folder;
  folder.AppendWithTokens("one two", "en");
  folder.AppendWithTokens("three", "en");
  EXPECT_EQ(folder.tokens()[2].source_begin, 0u);
  EXPECT_EQ(folder.stream().substr(folder.tokens()[2].folded_begin), "three ");
}

}  // namespace
}  // namespace tocsin::rules
