// Times, languages and statuses in the shapes that feeds have.
#include <gtest/gtest.h>

#include <string>

#include "pipeline/decode/values/languages.h"
#include "pipeline/decode/values/status.h"
#include "pipeline/decode/values/times.h"

namespace tocsin {
namespace {

struct ValueCase {
  std::string name;
  std::string text;
  std::string want;  // empty: it cannot be read
};

const auto kCaseName = [](const auto& test) { return test.param.name; };

class Time : public testing::TestWithParam<ValueCase> {};

TEST_P(Time, IsUtcOrRefused) {
  TimeText time;
  const bool is_read = ReadTime(GetParam().text, &time);
  EXPECT_EQ(is_read ? time.view() : "", GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Time,
    testing::ValuesIn<ValueCase>({
        {"Rfc3339", "2025-12-04T09:15:00Z", "2025-12-04T09:15:00Z"},
        {"OffsetEast", "2025-12-04T11:15:00.000+02:00", "2025-12-04T09:15:00Z"},
        {"OffsetWestOverMidnight", "2025-12-31T22:15:00-05:00", "2026-01-01T03:15:00Z"},
        {"OffsetWithoutColon", "2025-12-04T09:15:00+0530", "2025-12-04T03:45:00Z"},
        {"OffsetOfHours", "2025-12-04T09:15:00+01", "2025-12-04T08:15:00Z"},
        {"Fraction", "2025-12-04T09:15:00.250Z", "2025-12-04T09:15:00.25Z"},
        {"FractionWithComma", "2025-12-04T09:15:00,5Z", "2025-12-04T09:15:00.5Z"},
        {"FractionBeyondNanoseconds", "2025-12-04T09:15:00.1234567891Z",
         "2025-12-04T09:15:00.123456789Z"},
        {"WithoutSeconds", "2025-12-04T09:15Z", "2025-12-04T09:15:00Z"},
        {"WithoutZone", "2025-12-04T09:15:00", "2025-12-04T09:15:00Z"},
        {"Space", "2025-12-04 09:15:00", "2025-12-04T09:15:00Z"},
        {"SpaceBeforeZone", "2025-12-04 09:15:00 +02:00", "2025-12-04T07:15:00Z"},
        {"NamedZone", "2025-12-04T09:15:00 UTC", "2025-12-04T09:15:00Z"},
        {"DateOnly", "2018-01-02", "2018-01-02T00:00:00Z"},
        {"OneDigitDate", "2022-5-3T23:57:00", "2022-05-03T23:57:00Z"},
        {"Slashes", "2023/02/21 22:08", "2023-02-21T22:08:00Z"},
        {"Compact", "20251204T091500Z", "2025-12-04T09:15:00Z"},
        {"CompactWithOffset", "20180619T055000+0900", "2018-06-18T20:50:00Z"},
        {"CompactDigits", "20251204091500", "2025-12-04T09:15:00Z"},
        {"CompactDate", "20251204", "2025-12-04T00:00:00Z"},
        {"EpochSeconds", "1764839700", "2025-12-04T09:15:00Z"},
        {"EpochMilliseconds", "1764839700123", "2025-12-04T09:15:00.123Z"},
        {"EpochMicroseconds", "1764839700000001", "2025-12-04T09:15:00.000001Z"},
        {"EpochNanoseconds", "1764839700000000001", "2025-12-04T09:15:00.000000001Z"},
        {"EpochFraction", "1764839700.5", "2025-12-04T09:15:00.5Z"},
        {"BeforeTheEpoch", "-1500", "1969-12-31T23:35:00Z"},
        {"Rfc822", "Thu, 04 Dec 2025 09:15:00 GMT", "2025-12-04T09:15:00Z"},
        {"Rfc822OneDigitAndOffset", "Wed, 5 May 2021 05:53:00 +0200", "2021-05-05T03:53:00Z"},
        {"Rfc822WithoutDayAndSeconds", "4 Dec 2025 09:15 EST", "2025-12-04T14:15:00Z"},
        {"Rfc822TwoDigitYear", "04 Dec 25 09:15:00 Z", "2025-12-04T09:15:00Z"},
        {"Rfc850", "Thursday, 04-Dec-25 09:15:00 GMT", "2025-12-04T09:15:00Z"},
        {"Ctime", "Thu Dec  4 09:15:00 2025", "2025-12-04T09:15:00Z"},
        {"JavaDate", "Fri Apr 28 19:20:36 CEST 2023", "2023-04-28T17:20:36Z"},
        {"JavaScriptDate", "Thu Dec 04 2025 09:15:00 GMT+0100 (CET)", "2025-12-04T08:15:00Z"},
        {"EnglishDate", "December 4, 2025", "2025-12-04T00:00:00Z"},
        {"WhiteSpaceAround", " 2025-12-04T09:15:00Z\n", "2025-12-04T09:15:00Z"},
        {"LeapSecond", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
        {"LeapDay", "2024-02-29", "2024-02-29T00:00:00Z"},
        {"NoLeapDay", "2025-02-29", ""},
        {"Month13", "2025-13-01", ""},
        {"AColonForADigit", "2025-12-0:T09:15:00Z", ""},
        {"ASlashForADigit", "2025-12-04T09:1/:00Z", ""},
        {"LettersForDigits", "2025-12-04T\xC3\xA9:15:00Z", ""},
        {"AnEndThatIsNone", "2025-12-04T09:15:00z", "2025-12-04T09:15:00Z"},
        {"Hour24", "2025-12-04T24:00:00Z", ""},
        {"AmbiguousDate", "04.12.2025", ""},
        {"AmbiguousSlashes", "04/12/2025", ""},
        {"AmbiguousZone", "2025-12-04 09:15:00 IST", ""},
        {"AWord", "None", ""},
        {"Empty", "", ""},
        {"TrailingText", "2025-12-04T09:15:00Z or so", ""},
        {"OneDigit", "7", "1970-01-01T00:00:07Z"},
        {"YearAlone", "2025-", ""},
    }),
    kCaseName);

TEST(TimeNumber, OfANumberIsAsOfItsDigits) {
  TimeText time;
  EXPECT_TRUE(ReadTime(int64_t{20251204091500}, &time));
  EXPECT_EQ(time.view(), "2025-12-04T09:15:00Z");
  EXPECT_TRUE(ReadTime(1764839700.25, &time));
  EXPECT_EQ(time.view(), "2025-12-04T09:15:00.25Z");
  EXPECT_FALSE(ReadTime(1e300, &time));
}

class Language : public testing::TestWithParam<ValueCase> {};

TEST_P(Language, IsABcp47TagOrRefused) {
  LanguageText language;
  const bool is_read = ReadLanguage(GetParam().text, &language);
  EXPECT_EQ(is_read ? language.view() : "", GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Language,
                         testing::ValuesIn<ValueCase>({
                             {"Code", "en", "en"},
                             {"UpperCase", "EN", "en"},
                             {"Region", "en-gb", "en-GB"},
                             {"Underscore", "en_US", "en-US"},
                             {"Script", "ZH-hans-cn", "zh-Hans-CN"},
                             {"NumberedRegion", "es-419", "es-419"},
                             {"Variant", "de-CH-1996", "de-CH-1996"},
                             {"ThreeLetters", "eng", "en"},
                             {"BibliographicCode", "ger", "de"},
                             {"TerminologicalCode", "deu", "de"},
                             {"ThreeLettersWithRegion", "eng-gb", "en-GB"},
                             {"NoTwoLetterCode", "yue", "yue"},
                             {"Name", "english", "en"},
                             {"NameInTwoWords", "Norwegian Bokmål", "nb"},
                             {"OtherName", "Farsi", "fa"},
                             {"Private", "en-x-twain", "en-x-twain"},
                             {"Undetermined", "und", ""},
                             {"UnknownCode", "qq", ""},
                             {"ACountry", "Germany", ""},
                             {"AList", "deutsch, german", ""},
                             {"EmptySubtag", "en-", ""},
                             {"LongSubtag", "en-abcdefghi", ""},
                             {"Empty", "", ""},
                             {"Words", "not a language at all, and far longer than any is or was",
                              ""},
                         }),
                         kCaseName);

class Status : public testing::TestWithParam<ValueCase> {};

TEST_P(Status, IsNinjssWordOrNone) { EXPECT_EQ(ReadStatus(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Words, Status,
                         testing::ValuesIn<ValueCase>({
                             {"Usable", "usable", "usable"},
                             {"UpperCase", "Canceled", "canceled"},
                             {"BritishSpelling", "cancelled", "canceled"},
                             {"NewsMl", "stat:withheld", "withheld"},
                             {"Unknown", "ok", ""},
                             {"Empty", "", ""},
                         }),
                         kCaseName);

TEST(TextTypeTest, IsToldByMediaTypesAndPlainWords) {
  EXPECT_EQ(ReadTextType("text/html; charset=utf-8"), TextType::kHtml);
  EXPECT_EQ(ReadTextType("application/xhtml+xml"), TextType::kHtml);
  EXPECT_EQ(ReadTextType(" TEXT/PLAIN "), TextType::kPlain);
  EXPECT_EQ(ReadTextType("video/mp4"), TextType::kUnknown);
}

}  // namespace
}  // namespace tocsin
