#include "pipeline/notify/retry_policy.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RetryPolicy kPolicy{
    .pause_min = milliseconds(500), .pause_max = seconds(60), .deadline = seconds(900)};

struct JudgeCase {
  std::string name;
  PostAnswer answer;
  PostHistory history;
  PostFate fate;
  milliseconds wait{0};
};

class JudgeTest : public testing::TestWithParam<JudgeCase> {};

TEST_P(JudgeTest, SaysWhatBecomesOfTheAlert) {
  const Verdict verdict = Judge(kPolicy, GetParam().answer, GetParam().history);
  EXPECT_EQ(verdict.fate, GetParam().fate);
  EXPECT_EQ(verdict.wait, GetParam().wait);
}

PostAnswer Status(int status) { return {.status = status}; }
PostAnswer RetryAfter(int status, int after) {
  return {.status = status, .error = "", .retry_after = seconds(after)};
}
PostHistory After(int posts, milliseconds elapsed, double jitter = 0) {
  return {.posts = posts, .elapsed = elapsed, .jitter = jitter};
}

const auto kName = [](const auto& param_info) { return param_info.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Answers, JudgeTest,
    testing::ValuesIn<JudgeCase>({
        {"Ok", Status(200), {}, PostFate::kDelivered},
        {"NoContent", Status(204), {}, PostFate::kDelivered},
        {"AcceptedAfterTheDeadline", Status(202), After(9, seconds(999)), PostFate::kDelivered},
        {"NoAnswer", Status(0), {}, PostFate::kAgain, milliseconds(250)},
        {"RequestTimeout", Status(408), {}, PostFate::kAgain, milliseconds(250)},
        {"TooEarly", Status(425), {}, PostFate::kAgain, milliseconds(250)},
        {"TooMany", Status(429), {}, PostFate::kAgain, milliseconds(250)},
        {"ServerError", Status(500), {}, PostFate::kAgain, milliseconds(250)},
        {"AnyServerError", Status(599), {}, PostFate::kAgain, milliseconds(250)},
        {"Redirect", Status(302), {}, PostFate::kRefused},
        {"NotModified", Status(304), {}, PostFate::kRefused},
        {"BadRequest", Status(400), {}, PostFate::kRefused},
        {"Gone", Status(410), {}, PostFate::kRefused},
        {"RetryAfterOfWhatIsRefused", RetryAfter(404, 5), {}, PostFate::kRefused},
    }),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Pauses, JudgeTest,
    testing::ValuesIn<JudgeCase>({
        {"FirstAtMost", Status(500), After(1, {}, 1), PostFate::kAgain, milliseconds(500)},
        {"Doubled", Status(500), After(2, {}, 1), PostFate::kAgain, milliseconds(1000)},
        {"DoubledAgainHalfLeftOut", Status(500), After(3, {}, 0), PostFate::kAgain, seconds(1)},
        {"Capped", Status(500), After(50, {}, 1), PostFate::kAgain, seconds(60)},
        {"CappedWithJitter", Status(500), After(50, {}, 0.5), PostFate::kAgain, seconds(45)},
    }),
    kName);

INSTANTIATE_TEST_SUITE_P(
    RetryAfterAndDeadline, JudgeTest,
    testing::ValuesIn<JudgeCase>({
        {"LongerPauseAsked", RetryAfter(429, 20), {}, PostFate::kAgain, seconds(20)},
        {"ShorterPauseAsked", RetryAfter(503, 1), After(8, {}, 1), PostFate::kAgain, seconds(60)},
        {"AskedBeyondTheDeadline", RetryAfter(503, 901), {}, PostFate::kExpired},
        {"AskedForEver",
         {.status = 503, .error = "", .retry_after = seconds::max()},
         {},
         PostFate::kExpired},
        {"AskedUpToTheDeadline", RetryAfter(503, 900), {}, PostFate::kAgain, seconds(900)},
        {"LastPostAtTheDeadline", Status(500), After(20, seconds(890), 1), PostFate::kAgain,
         seconds(10)},
        {"AtTheDeadline", Status(500), After(21, seconds(900)), PostFate::kExpired},
        {"BeyondTheDeadline", Status(0), After(21, seconds(915)), PostFate::kExpired},
    }),
    kName);

TEST(AnswerClassTest, IsOneOfFive) {
  for (const auto& [status, name] : {std::pair(0, "none"),
                                     {204, "2xx"},
                                     {301, "3xx"},
                                     {404, "4xx"},
                                     {503, "5xx"},
                                     {777, "none"}}) {
    EXPECT_EQ(AnswerClass({.status = status}), name);
  }
}

}  // namespace
}  // namespace tocsin
