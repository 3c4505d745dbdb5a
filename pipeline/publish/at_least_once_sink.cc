#include "pipeline/publish/at_least_once_sink.h"

#include <spdlog/spdlog.h>

#include "rules/base/status_macros.h"

namespace tocsin {

absl::StatusOr<std::unique_ptr<AtLeastOnceSink>> AtLeastOnceSink::Connect(
    ProducerOptions options, std::string dead_letter_kafka_topic, Counters* counters) {
  ASSIGN_OR_RETURN(auto producer, Producer::Connect(std::move(options), counters));
  return std::unique_ptr<AtLeastOnceSink>(
      new AtLeastOnceSink(std::move(producer), std::move(dead_letter_kafka_topic)));
}

absl::Status AtLeastOnceSink::PublishDeadLetter(const Record& origin, const DeadLetter& why) {
  LogDeadLetter(origin, why);
  return producer_->Publish(EncodeDeadLetter(origin, why, dead_letter_kafka_topic_));
}

absl::Status AtLeastOnceSink::Commit(Source& source, const Offsets& next) {
  RETURN_IF_ERROR(producer_->Flush());
  return source.CommitOffsets(next);
}

absl::Status AtLeastOnceSink::Abort() {
  // Awaited, so that what is done again comes after it.
  static_cast<void>(producer_->Flush());
  producer_->ForgetFailures();
  if (!producer_->has_fatal_error()) return absl::OkStatus();
  spdlog::warn("publish: a fatal error of the producer: making a new one");
  return producer_->Reconnect();
}

}  // namespace tocsin
