#include "rules/text/gaps.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin::rules {
namespace {

struct GapCase {
  std::string name;
  std::string text;  // the gap asked for is the one behind the token named by `behind`
  uint32_t behind;
  Gap want;
  std::string language = "en";
};

void PrintTo(const GapCase& c, std::ostream* out) { *out << c.text; }

class GapsTest : public testing::TestWithParam<GapCase> {};

TEST_P(GapsTest, ClassifiesTheGap) {
  Folder folder;
  folder.AppendWithTokens(GetParam().text, GetParam().language);
  const auto count = static_cast<uint32_t>(folder.tokens().size());
  const Document document{.title = GetParam().text, .language = GetParam().language};
  Gaps gaps;
  gaps.Reset(document, folder.stream(), folder.tokens(),
             {{{0, count}, {count, count}, {count, count}}});
  EXPECT_EQ(gaps.Behind(GetParam().behind), GetParam().want);
  EXPECT_TRUE(gaps.status().ok()) << gaps.status();
}

INSTANTIATE_TEST_SUITE_P(
    Classes, GapsTest,
    testing::ValuesIn<GapCase>({
        {"Hyphen", "cease-fire", 0, Gap::kJoiner},
        {"NonBreakingHyphen", "cease‑fire", 0, Gap::kJoiner},
        {"EnDash", "cease–fire", 0, Gap::kJoiner},
        {"Apostrophe", "Israel's", 0, Gap::kJoiner},
        {"ZeroWidthNonJoiner",
         "آتش\xE2\x80\x8C"
         "بس",
         0, Gap::kJoiner},
        {"NothingBetweenHan", "停火", 0, Gap::kJoiner},
        {"PeriodBetweenSingleLetters", "U.S. Treasury", 0, Gap::kJoiner},
        {"PeriodBehindSingleLetterEndsNoSentence", "U.S. Treasury", 1, Gap::kPunctuation},
        {"Space", "peace plan", 0, Gap::kSpace},
        {"NoBreakSpace", "peace\xC2\xA0plan", 0, Gap::kSpace},
        {"LineBreak", "peace\nplan", 0, Gap::kSpace},
        {"LineBreakHyphen", "cease-\nfire", 0, Gap::kSpace},
        {"CarriageReturnLineFeed", "peace\r\nplan", 0, Gap::kSpace},
        {"CarriageReturn", "peace\rplan", 0, Gap::kSpace},
        {"Nul", std::string("peace\0plan", 10), 0, Gap::kPunctuation},
        {"Comma", "peace, plan", 0, Gap::kPunctuation},
        {"EmDash", "truce—talks", 0, Gap::kPunctuation},
        {"Slash", "km/h", 0, Gap::kPunctuation},
        {"Superscript", "truce² talks", 0, Gap::kPunctuation},
        {"Decimal", "3.5 million", 0, Gap::kPunctuation},
        {"PeriodBeforeLowerCase", "approx. ten", 0, Gap::kPunctuation},
        {"Abbreviation", "Mr. Smith", 0, Gap::kPunctuation},
        {"TitleThatIcuDoesNotKnow", "Dr. Smith", 0, Gap::kPunctuation},
        {"TitleOfATextOfUnknownLanguage", "Gen. Milley", 0, Gap::kPunctuation, ""},
        {"EndOfACompanysName", "Acme Inc. The", 1, Gap::kSentence},
        {"GermanAbbreviation", "Str. Berlin", 0, Gap::kSentence, "en"},
        {"AbbreviationBehindABracket", "(Mr. Smith", 0, Gap::kPunctuation},
        {"WordThatEndsLikeAGermanAbbreviation", "Es dauert immer. Dann", 2, Gap::kSentence, "de"},
        {"WordThatEndsLikeAPortugueseAbbreviation", "do Brasil. Depois", 1, Gap::kSentence, "pt"},
        {"CapitalsThatEndLikeAnAbbreviation", "joined NATO. Talks", 1, Gap::kSentence},
        {"Sentence", "It held. Talks go on", 1, Gap::kSentence},
        {"SentenceBeforeQuote", "It held. “Talks go on", 1, Gap::kSentence},
        {"SentenceBehindQuote", "“It held.” Talks go on", 1, Gap::kSentence},
        {"QuestionMark", "Peace? Now", 0, Gap::kSentence},
        {"IdeographicFullStop", "停火。然后", 1, Gap::kSentence},
        {"DevanagariDanda", "युद्ध। अब", 0, Gap::kSentence},
        {"ArabicQuestionMark", "هدنة؟ نعم", 0, Gap::kSentence},
        {"BlankLine", "peace\n\nplan", 0, Gap::kParagraph},
        {"BlankLineWithSpaces", "peace \n \t\n plan", 0, Gap::kParagraph},
        {"BlankLineCarriageReturns", "peace\r\n\r\nplan", 0, Gap::kParagraph},
        {"BlankLineCarriageReturnsAlone", "peace\r\rplan", 0, Gap::kParagraph},
        {"LineBreakBehindSentenceCarriageReturn", "It held.\rTalks go on", 1, Gap::kParagraph},
        {"LineBreakBehindSentenceCarriageReturnLineFeed", "It held.\r\nTalks go on", 1,
         Gap::kParagraph},
        {"BlankLineOfNoBreakSpaces", "peace\n\u00A0\u202F\nplan", 0, Gap::kParagraph},
        {"BlankLineOfIdeographicSpaces", "停\n\u3000\u3000\n火", 0, Gap::kParagraph},
        {"BlankLineOfWhatNobodySees", "peace\n\u200B\nplan", 0, Gap::kParagraph},
        {"LineOfAHyphenIsNotBlank", "peace\n-\nplan", 0, Gap::kSpace},
        {"ParagraphSeparator", "peace\xE2\x80\xA9plan", 0, Gap::kParagraph},
        {"LineBreakBehindSentence", "It held.\nTalks go on", 1, Gap::kParagraph},
        {"LineBreakBehindSentenceBeforeQuote", "It held.\n“Talks go on", 1, Gap::kParagraph},
        {"LineBreakBehindSentenceWhereParagraphsAreBlankLines", "It held.\nTalks go on.\n\nEnd", 1,
         Gap::kSentence},
        {"LineBreakBehindSentenceWhereBlankLinesHoldNoBreakSpaces",
         "It held.\nTalks go on.\n\u00A0\u3000\r\nEnd", 1, Gap::kSentence},
        {"LineBreakBehindSentenceWhereNoLineIsBlank", "It held.\r\nTalks go on.\r\n-\r\nEnd", 1,
         Gap::kParagraph},
        {"EndOfField", "peace", 0, Gap::kField},
    }),
    [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace tocsin::rules
