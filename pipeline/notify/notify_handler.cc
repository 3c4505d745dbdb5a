#include "pipeline/notify/notify_handler.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "pipeline/publish/route_dead_letter.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBeat{1000};

std::string Describe(const PostAnswer& answer) {
  return answer.status == 0 ? answer.error : fmt::format("HTTP {}", answer.status);
}

}  // namespace

NotifyHandler::NotifyHandler(NotifyOptions options, Poster* poster, Sink* sink, Counters* counters)
    : options_(std::move(options)),
      poster_(poster),
      sink_(sink),
      counters_(counters),
      delivered_(&counters->webhook_alerts.At({options_.webhook, "delivered"})),
      post_us_(&counters->webhook_post_us.At({options_.webhook})),
      retrying_since_ms_(&counters->webhook_retrying_since_ms.At({options_.webhook})) {}

absl::Status NotifyHandler::Handle(const Record& record, Remedy remedy,
                                   std::string_view why_refused) {
  counters_->stages.Enter(Stage::kPublish);
  if (remedy != Remedy::kNone) {
    return PublishDeadLetter(record, {.stage = "publish",
                                      .reason = "refused",
                                      .message = std::string(why_refused),
                                      .is_pointer = true});
  }
  if (!record.value) {
    counters_->tombstones.Add(1);
    return absl::OkStatus();
  }
  const absl::StatusOr<CloudEvent> event = ToCloudEvent(record);
  if (!event.ok()) {
    return PublishDeadLetter(record, {.stage = "decode",
                                      .reason = std::string(kNoCloudEvent),
                                      .message = std::string(event.status().message())});
  }
  if (event->id != last_.id) RETURN_IF_ERROR(Deliver(record, *event));
  return last_.letter ? PublishDeadLetter(record, *last_.letter) : absl::OkStatus();
}

absl::Status NotifyHandler::Deliver(const Record& record, const CloudEvent& event) {
  const NotifyOptions::Clock::time_point began = options_.now();
  std::uniform_real_distribution<double> jitter(0, 1);
  for (int posts = 1;; ++posts) {
    const PostAnswer answer = Post(event);
    const Verdict verdict =
        Judge(options_.retry, answer,
              {.posts = posts,
               .elapsed = std::chrono::duration_cast<milliseconds>(options_.now() - began),
               .jitter = jitter(random_)});
    if (verdict.fate != PostFate::kAgain) {
      retrying_since_ms_->Set(0);
      last_ = {.id = event.id, .letter = {}};
      if (verdict.fate == PostFate::kDelivered) {
        delivered_->Add(1);
      } else {
        last_.letter = LetterOf(answer, verdict.fate, posts);
      }
      return absl::OkStatus();
    }
    spdlog::warn("webhook {} ({}): {}; post {} of {}[{}] offset {} follows in {} ms",
                 options_.webhook, options_.origin, Describe(answer), posts + 1, record.kafka_topic,
                 record.partition, record.offset, verdict.wait.count());
    retrying_since_ms_->Set(
        std::chrono::duration_cast<milliseconds>(began.time_since_epoch()).count());
    if (!Wait(verdict.wait)) {
      retrying_since_ms_->Set(0);
      return absl::AbortedError(
          fmt::format("stopped before {}[{}] offset {} was delivered to webhook {}",
                      record.kafka_topic, record.partition, record.offset, options_.webhook));
    }
  }
}

PostAnswer NotifyHandler::Post(const CloudEvent& event) {
  counters_->turns.Add(1);
  counters_->stages.Enter(Stage::kPublish);
  const NotifyOptions::Clock::time_point began = options_.now();
  PostAnswer answer = poster_->Post(event);
  const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(options_.now() - began).count();
  post_us_->Add(static_cast<uint64_t>(std::max(took, decltype(took){0})));
  counters_->webhook_posts.Add({options_.webhook, AnswerClass(answer)}, 1);
  return answer;
}

bool NotifyHandler::Wait(milliseconds time) {
  do {
    counters_->turns.Add(1);
    counters_->stages.Enter(Stage::kPublish);
    if (!options_.wait(std::min(time, kBeat))) return false;
    time -= kBeat;
  } while (time > milliseconds(0));
  return true;
}

DeadLetter NotifyHandler::LetterOf(const PostAnswer& answer, PostFate fate, int posts) const {
  return {.stage = "notify",
          .reason = std::string(fate == PostFate::kRefused ? kWebhookRefused : kWebhookExpired),
          .message = fmt::format("webhook {} ({}): {}, {}", options_.webhook, options_.origin,
                                 Describe(answer),
                                 posts == 1 ? "once" : fmt::format("at last, of {} posts", posts))};
}

absl::Status NotifyHandler::PublishDeadLetter(const Record& record, DeadLetter why) {
  why.task_id = options_.task_id;
  RETURN_IF_ERROR(RouteDeadLetter(record, std::move(why), sink_, counters_));
  counters_->webhook_alerts.Add({options_.webhook, "dead_letter"}, 1);
  return absl::OkStatus();
}

}  // namespace tocsin
