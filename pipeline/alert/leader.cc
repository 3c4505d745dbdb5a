#include "pipeline/alert/leader.h"

#include <absl/cleanup/cleanup.h>
#include <spdlog/spdlog.h>

#include "pipeline/alert/leader_sink.h"
#include "pipeline/alert/leader_source.h"
#include "pipeline/publish/exactly_once_sink.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::chrono::milliseconds kFollow{50};
constexpr std::chrono::seconds kPause{1};

}  // namespace

Leader::Leader(LeaderOptions options, Counters* counters)
    : options_(std::move(options)),
      counters_(counters),
      state_(options_.alerts.window_ms),
      log_(options_.client, options_.alerts.state_kafka_topic,
           options_.alerts.window_ms + options_.alerts.max_age_ms, &state_) {
  counters_->alert_takes_part.Set(1);
}

absl::StatusOr<std::unique_ptr<Leader>> Leader::Connect(LeaderOptions options, Counters* counters) {
  std::unique_ptr<Leader> leader(new Leader(std::move(options), counters));
  const LeaderOptions& own = leader->options_;
  ASSIGN_OR_RETURN(leader->lock_, LeaderLock::Connect(own.client, own.lock_kafka_topic, counters));
  return leader;
}

absl::Status Leader::Run(const std::stop_token& stop) {
  const absl::Cleanup leave = [this] { lock_->Close(); };
  while (!stop.stop_requested()) {
    RETURN_IF_ERROR(StandBy(stop));
    if (!stop.stop_requested()) RETURN_IF_ERROR(Serve(stop));
  }
  return absl::OkStatus();
}

absl::Status Leader::StandBy(const std::stop_token& stop) {
  const absl::Cleanup ended = [this] { counters_->is_running.Set(0); };
  counters_->is_running.Set(1);
  spdlog::info("alert: standing by");
  while (!stop.stop_requested()) {
    counters_->turns.Add(1);
    counters_->stages.Enter(Stage::kConsume);
    RETURN_IF_ERROR(lock_->Poll(std::chrono::milliseconds(0)));
    if (lock_->is_held()) break;
    const absl::Status followed = log_.Follow(kFollow);
    if (absl::IsUnavailable(followed)) {
      spdlog::warn("alert: {}; trying again", std::string(followed.message()));
      RETURN_IF_ERROR(lock_->Poll(kPause));
    } else {
      RETURN_IF_ERROR(followed);
    }
    counters_->window_articles.Set(static_cast<int64_t>(state_.size()));
  }
  return absl::OkStatus();
}

absl::Status Leader::Serve(const std::stop_token& stop) {
  spdlog::info("alert: the lock is ours");
  const AlertOptions& alerts = options_.alerts;
  ASSIGN_OR_RETURN(
      const auto exactly_once,
      ExactlyOnceSink::Connect({.client = options_.client,
                                .kafka_topics = {alerts.kafka_topic, alerts.state_kafka_topic,
                                                 options_.dead_letter_kafka_topic},
                                .transactional_id = options_.transactional_id},
                               options_.dead_letter_kafka_topic, counters_));
  LeaderSink sink(exactly_once.get(), lock_.get(), &log_);
  LeaderSource source({.client = options_.client, .kafka_topics = options_.input}, lock_.get(),
                      &log_, counters_);
  Worker worker(options_.worker, &source, &sink,
                std::make_unique<AlertHandler>(alerts, &state_, &sink, counters_), counters_);
  return worker.Run(stop);
}

}  // namespace tocsin
