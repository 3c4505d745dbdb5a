// What becomes of an alert after one post: what the answer means, and when to post again.
//
//   const Verdict verdict = Judge(policy, answer, {.posts = 3, .elapsed = 4s, .jitter = 0.7});
//   if (verdict.fate == PostFate::kAgain) Wait(verdict.wait);
//
// Shape     2xx delivers. No answer, 408, 425, 429 and 5xx are tried again; redirects, which are not
//           followed, and the rest of 4xx never. The pause doubles with each post, a random half of
//           it left out, so that many senders do not come back at the same moment; Retry-After makes
//           it longer, never shorter. The last post is at the deadline; none is made earlier than
//           the receiver asked for, so that one that asks for a time beyond the deadline gets none.
// Units     elapsed: since the first post of this alert. jitter: [0, 1).
// Cost      none to speak of; no state.
#ifndef TOCSIN_PIPELINE_NOTIFY_RETRY_POLICY_H_
#define TOCSIN_PIPELINE_NOTIFY_RETRY_POLICY_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

struct PostAnswer {
  int status = 0;     // HTTP's; 0: there was no answer
  std::string error;  // why not
  std::optional<std::chrono::seconds> retry_after = {};
};

struct RetryPolicy {
  std::chrono::milliseconds pause_min{500};
  std::chrono::milliseconds pause_max{60'000};
  std::chrono::milliseconds deadline{900'000};
};

struct PostHistory {
  int posts = 1;  // of this alert, the last one included
  std::chrono::milliseconds elapsed{0};
  double jitter = 0;
};

enum class PostFate : uint8_t { kDelivered, kAgain, kRefused, kExpired };

struct Verdict {
  PostFate fate = PostFate::kDelivered;
  std::chrono::milliseconds wait{0};  // of kAgain
};

Verdict Judge(const RetryPolicy& policy, const PostAnswer& answer, const PostHistory& history);

// 2xx, 3xx, 4xx, 5xx or none: for counting.
std::string_view AnswerClass(const PostAnswer& answer);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NOTIFY_RETRY_POLICY_H_
