#include "pipeline/decode/json_text.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace tocsin {
namespace {

const auto kCaseName = [](const auto& test) { return test.param.name; };

struct MendCase {
  std::string name;
  std::string json;
  std::string want;
  std::optional<size_t> fault_at;
};

class MendJsonTest : public testing::TestWithParam<MendCase> {};

TEST_P(MendJsonTest, RewritesOnlyWhatSimdjsonCannotRead) {
  std::string json = GetParam().json;
  EXPECT_EQ(MendJson(json.data(), json.size()).fault_at, GetParam().fault_at);
  EXPECT_EQ(json, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, MendJsonTest,
    testing::ValuesIn<MendCase>({
        {"LeavesWhatIsReadable", R"([0,-0,1.5E+2,18446744073709551615,"\ud83d\ude00",{}])",
         R"([0,-0,1.5E+2,18446744073709551615,"\ud83d\ude00",{}])", std::nullopt},
        {"IntegerOneTooBig", "[18446744073709551616]", "[0.0                 ]", std::nullopt},
        {"IntegerOneTooSmall", "[-9223372036854775809]", "[0.0                 ]", std::nullopt},
        {"DoubleTooBig", "[1e400]", "[0.0  ]", std::nullopt},
        {"LoneSurrogate", R"(["\uDEAD"])", R"(["\uFFFD"])", std::nullopt},
        {"LeadingZero", "[01]", "[01]", 2},
        {"EndsEarly", R"({"a":)", R"({"a":)", 5},
        {"MissingColon", R"({"a" 1})", R"({"a" 1})", 5},
        {"MismatchedClose", "[1}", "[1}", 2},
        {"TrailingComma", R"({"a":1,})", R"({"a":1,})", 7},
    }),
    kCaseName);

struct Utf8Case {
  std::string name;
  std::string text;
  std::optional<size_t> invalid_at;
};

class FindInvalidUtf8Test : public testing::TestWithParam<Utf8Case> {};

TEST_P(FindInvalidUtf8Test, FindsTheFirstFault) {
  EXPECT_EQ(FindInvalidUtf8(GetParam().text), GetParam().invalid_at);
}

INSTANTIATE_TEST_SUITE_P(Sequences, FindInvalidUtf8Test,
                         testing::ValuesIn<Utf8Case>({
                             {"Empty", "", std::nullopt},
                             {"OneToFourBytes", "a\u00E9\u505C\U0001F525", std::nullopt},
                             {"LargestCodePoint", "\xF4\x8F\xBF\xBF", std::nullopt},
                             {"BeyondLargest", "\xF4\x90\x80\x80", 0},
                             {"Overlong2", "a\xC1\xBF", 1},
                             {"Overlong3", "ab\xE0\x9F\xBF", 2},
                             {"Overlong4", "\xF0\x8F\xBF\xBF", 0},
                             {"Surrogate", "\xED\xA0\x80", 0},
                             {"LastBeforeSurrogates", "\xED\x9F\xBF", std::nullopt},
                             {"LoneContinuation", "ab\x80", 2},
                             {"CutOff", "\xF0\x9F\x94", 0},
                         }),
                         kCaseName);

}  // namespace
}  // namespace tocsin
