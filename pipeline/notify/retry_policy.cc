#include "pipeline/notify/retry_policy.h"

#include <algorithm>

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr int kRequestTimeout = 408;
constexpr int kTooEarly = 425;
constexpr int kTooManyRequests = 429;
constexpr int kDoublingsMax = 20;  // beyond any pause_max

bool IsPassing(int status) {
  return status == 0 || status == kRequestTimeout || status == kTooEarly ||
         status == kTooManyRequests || status / 100 == 5;
}

milliseconds PauseAfter(const RetryPolicy& policy, const PostHistory& history) {
  const int doublings = std::min(history.posts - 1, kDoublingsMax);
  const milliseconds whole =
      std::min(policy.pause_min * (int64_t{1} << doublings), policy.pause_max);
  const double share = (1 + history.jitter) / 2;
  return milliseconds(static_cast<int64_t>(static_cast<double>(whole.count()) * share));
}

}  // namespace

Verdict Judge(const RetryPolicy& policy, const PostAnswer& answer, const PostHistory& history) {
  if (answer.status / 100 == 2) return {.fate = PostFate::kDelivered};
  if (!IsPassing(answer.status)) return {.fate = PostFate::kRefused};
  const milliseconds left = policy.deadline - history.elapsed;
  // Bounded as seconds: a receiver may ask for more milliseconds than there are.
  const milliseconds asked =
      std::min(answer.retry_after.value_or(std::chrono::seconds(0)),
               std::chrono::ceil<std::chrono::seconds>(policy.deadline) + std::chrono::seconds(1));
  if (left <= milliseconds(0) || asked > left) return {.fate = PostFate::kExpired};
  return {.fate = PostFate::kAgain,
          .wait = std::min(std::max(PauseAfter(policy, history), asked), left)};
}

std::string_view AnswerClass(const PostAnswer& answer) {
  switch (answer.status / 100) {
    case 2:
      return "2xx";
    case 3:
      return "3xx";
    case 4:
      return "4xx";
    case 5:
      return "5xx";
    default:
      return "none";
  }
}

}  // namespace tocsin
