// At least once: an idempotent producer; offsets are committed after every acknowledgement.
//
//   ASSIGN_OR_RETURN(auto sink, AtLeastOnceSink::Connect({.client = settings}, &counters));
//
// Errors    Connect: InvalidArgument; else as of Sink.
// Threads   as of Producer.
#ifndef TOCSIN_PIPELINE_PUBLISH_AT_LEAST_ONCE_SINK_H_
#define TOCSIN_PIPELINE_PUBLISH_AT_LEAST_ONCE_SINK_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <utility>

#include "pipeline/counters.h"
#include "pipeline/publish/producer.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

class AtLeastOnceSink final : public Sink {
 public:
  static absl::StatusOr<std::unique_ptr<AtLeastOnceSink>> Connect(
      ProducerOptions options, std::string dead_letter_kafka_topic, Counters* counters);

  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& output) override { return producer_->Publish(output); }
  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override;
  absl::Status Commit(Source& source, const Offsets& next) override;
  absl::Status Abort() override;

 private:
  AtLeastOnceSink(std::unique_ptr<Producer> producer, std::string dead_letter_kafka_topic)
      : producer_(std::move(producer)),
        dead_letter_kafka_topic_(std::move(dead_letter_kafka_topic)) {}

  std::unique_ptr<Producer> producer_;
  std::string dead_letter_kafka_topic_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_AT_LEAST_ONCE_SINK_H_
