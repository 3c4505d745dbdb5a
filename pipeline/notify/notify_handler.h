// An alert to one webhook: posted until it is taken, or given up as a dead letter.
//
//   NotifyHandler handler({.webhook = "desk", .retry = {}, .wait = wait}, poster, sink, &counters);
//   ... the worker's loop, one record a poll: an alert may be held until its deadline ...
//
// Shape     one alert at a time, so that those behind it wait: order within a partition is kept. The
//           deadline counts from the first post; those behind have their own. What is no CloudEvent
//           is a dead letter at once. Posted again after a failure that came later (a commit's), an
//           event is known by its id, and what became of it is not tried again.
// Cost      a post an alert; while it waits, the counters show every second that the worker lives.
// Errors    as of Sink; Aborted when stopped while an alert waits: another process takes it up.
// Threads   one.
// Lifetime  poster, sink and counters outlive it.
#ifndef TOCSIN_PIPELINE_NOTIFY_NOTIFY_HANDLER_H_
#define TOCSIN_PIPELINE_NOTIFY_NOTIFY_HANDLER_H_

#include <absl/status/status.h>

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "pipeline/counters.h"
#include "pipeline/handler.h"
#include "pipeline/notify/webhook.h"
#include "pipeline/publish/dead_letter.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

// What the dead letters of this handler are for.
inline constexpr std::string_view kNoCloudEvent = "no_cloud_event";
inline constexpr std::string_view kWebhookRefused = "webhook_refused";
inline constexpr std::string_view kWebhookExpired = "webhook_expired";

struct NotifyOptions {
  using Clock = std::chrono::steady_clock;

  std::string webhook;
  std::string origin = {};  // for messages
  int task_id = 0;
  RetryPolicy retry = {};
  std::function<Clock::time_point()> now = &Clock::now;
  // False if a stop was requested meanwhile, or before.
  std::function<bool(std::chrono::milliseconds)> wait;
};

class NotifyHandler final : public Handler {
 public:
  NotifyHandler(NotifyOptions options, Poster* poster, Sink* sink, Counters* counters);

  absl::Status Handle(const Record& record, Remedy remedy, std::string_view why_refused) override;
  void Committed() override { last_ = {}; }

 private:
  // Of the event handled last, if that is not committed: committed, it may come again by a replay.
  struct Outcome {
    std::string id;
    std::optional<DeadLetter> letter;  // none: it was delivered
  };

  absl::Status Deliver(const Record& record, const CloudEvent& event);
  PostAnswer Post(const CloudEvent& event);
  bool Wait(std::chrono::milliseconds time);
  DeadLetter LetterOf(const PostAnswer& answer, PostFate fate, int posts) const;
  absl::Status PublishDeadLetter(const Record& record, DeadLetter why);

  const NotifyOptions options_;
  Poster* const poster_;
  Sink* const sink_;
  Counters* const counters_;
  Counter* const delivered_;
  Counter* const post_us_;
  Gauge* const retrying_since_ms_;
  std::minstd_rand random_{std::random_device{}()};
  Outcome last_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NOTIFY_NOTIFY_HANDLER_H_
