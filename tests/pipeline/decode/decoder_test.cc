#include "pipeline/decode/decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

using testing::TestWithParam;
using testing::ValuesIn;

constexpr DecodeLimits kSmall{.bytes_max = 4096, .depth_max = 8};

const auto kCaseName = [](const auto& test) { return test.param.name; };

std::string Nested(int levels) {
  return R"({"title":"t","x":)" + std::string(levels - 1, '[') + "0" +
         std::string(levels - 1, ']') + "}";
}

struct GoodCase {
  std::string name;
  std::string json;
  std::string title;
  std::string body;
  std::string id;
};

class GoodRecord : public TestWithParam<GoodCase> {};

TEST_P(GoodRecord, Decodes) {
  Decoder decoder(kSmall);
  const absl::StatusOr<const Article*> article = decoder.Decode(GetParam().json);
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->document.title, GetParam().title);
  EXPECT_EQ((*article)->document.body, GetParam().body);
  if (!GetParam().id.empty()) {
    EXPECT_EQ((*article)->id, GetParam().id);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shape, GoodRecord,
    ValuesIn<GoodCase>({
        {"TitleAlone", R"({"title":"t"})", "t", "", ""},
        {"AKillNeedsNoText", R"({"id":"7","status":"canceled"})", "", "", "7"},
        {"BodyAlone", R"({"body":"b"})", "", "b", ""},
        {"BlankTitleWithBody", R"({"title":" \n","body":"b"})", "", "b", ""},
        {"NullFields", R"({"title":"t","body":null,"id":null,"url":null})", "t", "", ""},
        {"StringId", R"({"id":"a-1","title":"t"})", "t", "", "a-1"},
        {"IntegerId", R"({"id":-42,"title":"t"})", "t", "", "-42"},
        {"SmallestIntegerId", R"({"id":-9223372036854775808,"title":"t"})", "t", "",
         "-9223372036854775808"},
        {"LargestIntegerId", R"({"id":18446744073709551615,"title":"t"})", "t", "",
         "18446744073709551615"},
        {"FirstOfDuplicateKeysCounts", R"({"title":"first","title":"second"})", "first", "", ""},
        {"FirstDuplicateNullCounts", R"({"title":null,"body":"b","title":"late"})", "", "b", ""},
        {"EscapedKey", R"({"\u0074itle":"t"})", "t", "", ""},
        {"UnknownFieldsAreLeftAlone", R"({"x":{"title":1},"y":[1,2.5e3,true],"title":"t"})", "t",
         "", ""},
        {"Escapes", R"({"title":"a\"\\\/\b\f\n\r\té\ud83d\udd25"})", "a\"\\/\b\f\n\r\té\U0001F525",
         "", ""},
        {"EscapedNul", R"({"title":"a\u0000b"})", std::string("a\0b", 3), "", ""},
        {"RawUnicode", R"({"title":"停火 🕊 été"})", "停火 🕊 été", "", ""},
        {"ByteOrderMark", "\xEF\xBB\xBF{\"title\":\"t\"}", "t", "", ""},
        {"SpaceAround", " \r\n\t{\"title\":\"t\"}\n ", "t", "", ""},
        {"DepthAtTheLimit", Nested(8), "t", "", ""},
        {"IntegerBeyond64Bits", R"({"title":"t","x":123456789012345678901234567890})", "t", "", ""},
        {"NumberBeyondDouble", R"({"title":"t","x":[1e999,-1e999]})", "t", "", ""},
    }),
    kCaseName);

TEST(Decoder, ReadsEveryFieldOfTheFlatForm) {
  Decoder decoder(kSmall);
  const auto article = decoder.Decode(
      R"({"id":"i","title":"t","lead":"l","body":"b","language":"en","url":"u","source":"s",)"
      R"("published_at":"2026-01-02","version":"3","status":"usable",)"
      R"("embargoed":"2026-01-03T00:00:00Z"})");
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->document.lead, "l");
  EXPECT_EQ((*article)->document.language, "en");
  EXPECT_EQ((*article)->url, "u");
  EXPECT_EQ((*article)->source, "s");
  EXPECT_EQ((*article)->published_at, "2026-01-02T00:00:00Z");
  EXPECT_EQ((*article)->version, "3");
  EXPECT_EQ((*article)->status, "usable");
  EXPECT_EQ((*article)->embargoed, "2026-01-03T00:00:00Z");
  EXPECT_EQ((*article)->index, 0U);
  EXPECT_TRUE((*article)->is_whole_record);
}

TEST(Decoder, AnAbsentFieldDoesNotKeepTheLastRecordsValue) {
  Decoder decoder(kSmall);
  ASSERT_TRUE(decoder.Decode(R"({"id":"i","title":"t","lead":"l","language":"en"})").ok());
  const auto article = decoder.Decode(R"({"body":"b"})");
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_NE((*article)->id, "i");
  EXPECT_EQ((*article)->document.title, "");
  EXPECT_EQ((*article)->document.lead, "");
  EXPECT_EQ((*article)->document.language, "");
}

TEST(Decoder, JsonIsTheOriginalBytesLessWhatSurroundsThem) {
  const std::string json = "\xEF\xBB\xBF \n{ \"title\" : \"\\ud800 \\u0041\" , \"x\": 1e999 }\r\n";
  Decoder decoder(kSmall);
  const auto article = decoder.Decode(json);
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->json, "{ \"title\" : \"\\ud800 \\u0041\" , \"x\": 1e999 }");
}

TEST(Decoder, WhatIsNotReadOfTheMetadataIsAbsentAndCounted) {
  Decoder decoder(kSmall);
  const auto article = decoder.Decode(
      R"({"title":"t","source":true,"published_at":"soon","language":["en"],"status":"odd",)"
      R"("url":null,"embargoed":""})");
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->source, "");
  EXPECT_EQ((*article)->published_at, "");
  EXPECT_EQ((*article)->document.language, "");
  EXPECT_EQ((*article)->status, "");
  for (size_t i = 0; i < kMappedFieldCount; ++i) {
    const auto field = static_cast<MappedField>(i);
    const bool was_there = field == MappedField::kSource || field == MappedField::kPublished ||
                           field == MappedField::kLanguage || field == MappedField::kStatus;
    EXPECT_EQ(decoder.unread()[i], was_there ? 1U : 0U) << NameOf(field);
  }
}

TEST(Decoder, AnAbsentIdIsAHashOfTheUrlElseOfTheText) {
  Decoder decoder(kSmall);
  const auto id = [&](std::string_view json) {
    const auto article = decoder.Decode(json);
    return article.ok() ? std::string((*article)->id) : "";
  };
  // printf 'https://a.example/1' | sha256sum | cut -c-32
  EXPECT_EQ(id(R"({"title":"t","url":"https://a.example/1"})"), "d817b80f9a5befb9163eb63dc83dccd5");
  EXPECT_EQ(id(R"({"title":"t","url":"https://a.example/1","id":" "})"),
            id(R"({"title":"u","url":"https://a.example/1"})"));
  EXPECT_EQ(id(R"({"title":"t","body":"b"})"), id(R"({"body":"b","title":"t","x":1})"));
  EXPECT_NE(id(R"({"title":"t","body":"b"})"), id(R"({"title":"tb"})"));
}

struct SurrogateCase {
  std::string name;
  std::string json;
  std::string title;
  uint64_t replaced;
};

class LoneSurrogate : public TestWithParam<SurrogateCase> {};

TEST_P(LoneSurrogate, ReadsAsReplacementCharacterAndIsCounted) {
  Decoder decoder(kSmall);
  const auto article = decoder.Decode(GetParam().json);
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->document.title, GetParam().title);
  EXPECT_EQ(decoder.surrogates_replaced(), GetParam().replaced);
}

INSTANTIATE_TEST_SUITE_P(Escaped, LoneSurrogate,
                         ValuesIn<SurrogateCase>({
                             {"PairIsNone", R"({"title":"\uD83D\uDD25"})", "\U0001F525", 0},
                             {"High", R"({"title":"a\ud800b"})", "a\uFFFDb", 1},
                             {"Low", R"({"title":"a\udc00b"})", "a\uFFFDb", 1},
                             {"HighAtTheEnd", R"({"title":"a\uDBFF"})", "a\uFFFD", 1},
                             {"Inverted", R"({"title":"\udd25\ud83d"})", "\uFFFD\uFFFD", 2},
                             {"HighBeforePair", R"({"title":"\ud83d\ud83d\udd25"})",
                              "\uFFFD\U0001F525", 1},
                             {"HighBeforeOtherEscape", R"({"title":"\ud83d\n"})", "\uFFFD\n", 1},
                             {"EscapedBackslashIsNoEscape", R"({"title":"\\ud83d"})", "\\ud83d", 0},
                             {"InAFieldNotRead", R"({"title":"t","x":["\udc00"]})", "t", 1},
                             {"InAKey", R"({"title":"t","\ud800":1})", "t", 1},
                         }),
                         kCaseName);

constexpr char kNoText[] = "no text in title or body; looked for title: /title; body: /body";

struct BadCase {
  std::string name;
  std::string json;
  BadRecord reason;
  std::string message;
};

class BadRecordTest : public TestWithParam<BadCase> {};

TEST_P(BadRecordTest, IsRefusedWithItsReasonAndTheDecoderStaysUsable) {
  Decoder decoder(kSmall);
  const auto article = decoder.Decode(GetParam().json);
  ASSERT_FALSE(article.ok());
  EXPECT_EQ(article.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonName(ReasonOf(article.status())), ReasonName(GetParam().reason));
  EXPECT_EQ(article.status().message(), GetParam().message);
  EXPECT_TRUE(decoder.Decode(R"({"title":"t"})").ok());
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, BadRecordTest,
    ValuesIn<BadCase>({
        {"NoBytes", "", BadRecord::kEmpty, "nothing but white space"},
        {"SpaceOnly", " \r\n\t", BadRecord::kEmpty, "nothing but white space"},
        {"ByteOrderMarkOnly", "\xEF\xBB\xBF", BadRecord::kEmpty, "nothing but white space"},
        {"TooLarge", std::string(4097, 'x'), BadRecord::kTooLarge, "over the limit of 4096 bytes"},
        {"TooLargeBeforeAllElse", std::string(5000, '\xFF'), BadRecord::kTooLarge,
         "over the limit of 4096 bytes"},
        {"OneLevelTooDeep", Nested(9), BadRecord::kTooDeep, "nested deeper than 8 levels"},
        {"TooDeepWithLoneSurrogate", R"({"title":"\ud800","x":)" + Nested(9) + "}",
         BadRecord::kTooDeep, "nested deeper than 8 levels"},
        {"InvalidUtf8InText", "{\"title\":\"a\xFF\"}", BadRecord::kInvalidUtf8,
         "invalid UTF-8 at byte 11"},
        {"InvalidUtf8InAFieldNotRead", "{\"title\":\"t\",\"x\":\"\xC0\x80\"}",
         BadRecord::kInvalidUtf8, "invalid UTF-8 at byte 18"},
        {"InvalidUtf8CutOff", "{\"title\":\"a\xE2\x82", BadRecord::kInvalidUtf8,
         "invalid UTF-8 at byte 11"},
        {"EncodedSurrogate", "{\"title\":\"\xED\xA0\x80\"}", BadRecord::kInvalidUtf8,
         "invalid UTF-8 at byte 10"},
        {"CutOff", R"({"title":"t")", BadRecord::kMalformedJson, "malformed JSON at byte 12"},
        {"OffsetCountsWhatWasTrimmed", "\xEF\xBB\xBF\n{\"title\":}", BadRecord::kMalformedJson,
         "malformed JSON at byte 13"},
        {"TrailingContent", R"({"title":"t"} {})", BadRecord::kMalformedJson,
         "malformed JSON at byte 14"},
        {"RawControlCharacter", "{\"title\":\"a\nb\"}", BadRecord::kMalformedJson,
         "malformed JSON at byte 11"},
        {"FaultInAFieldNotRead", R"({"title":"t","x":[1,]})", BadRecord::kMalformedJson,
         "malformed JSON at byte 20"},
        {"NotANumber", R"({"title":"t","x":NaN})", BadRecord::kMalformedJson,
         "malformed JSON at byte 17"},
        {"HalfAnEscape", R"({"title":"\u12"})", BadRecord::kMalformedJson,
         "malformed JSON at byte 10"},
        {"ArrayRoot", R"([{"title":"t"}])", BadRecord::kWrongType,
         "the document must be an object, not an array"},
        {"StringRoot", R"("t")", BadRecord::kWrongType,
         "the document must be an object, not a string"},
        {"NullRoot", "null", BadRecord::kWrongType, "the document must be an object, not null"},
        {"NumberTitle", R"({"title":1})", BadRecord::kWrongType,
         "title must be a string or null, not a number (at /title)"},
        {"ObjectBody", R"({"title":"t","body":{}})", BadRecord::kWrongType,
         "body must be a string or null, not an object (at /body)"},
        {"FractionId", R"({"title":"t","id":1.5})", BadRecord::kWrongType,
         "id must be a string, an integer or null, not a number (at /id)"},
        {"NoFields", "{}", BadRecord::kMissingField, kNoText},
        {"NullTitleBlankBody", R"({"title":null,"body":" \t\n"})", BadRecord::kMissingField,
         kNoText},
        {"LeadIsNotEnough", R"({"lead":"l"})", BadRecord::kMissingField, kNoText},
    }),
    kCaseName);

TEST(Decoder, TenThousandLevelsAreTooDeepAtAnyPracticalLimit) {
  Decoder decoder({.bytes_max = 1 << 20, .depth_max = 256});
  const auto closed = decoder.Decode(Nested(10'000));
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(ReasonOf(closed.status()), BadRecord::kTooDeep);
  const auto open = decoder.Decode(R"({"title":"t","x":)" + std::string(10'000, '['));
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(ReasonOf(open.status()), BadRecord::kTooDeep);
}

TEST(Decoder, GivesBackTheBuffersOfABigRecordAfterManySmallOnes) {
  Decoder decoder({.bytes_max = size_t{8} << 20});
  const std::string big = R"({"body":")" + std::string(size_t{5} << 20, 'x') + R"("})";
  ASSERT_TRUE(decoder.Decode(big).ok());
  EXPECT_GE(decoder.capacity_bytes(), big.size());
  for (int i = 0; i < Decoder::kSmallBeforeShrink; ++i) {
    ASSERT_TRUE(decoder.Decode(R"({"title":"t"})").ok());
  }
  EXPECT_LE(decoder.capacity_bytes(), Decoder::kBytesKept);
  ASSERT_TRUE(decoder.Decode(big).ok());
}

TEST(Decoder, EveryReasonHasAName) {
  for (int reason = 0; reason < kBadRecordCount; ++reason) {
    EXPECT_FALSE(ReasonName(static_cast<BadRecord>(reason)).empty());
  }
}

}  // namespace
}  // namespace tocsin
