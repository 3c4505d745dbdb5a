// At least once: an idempotent producer; offsets are committed after every acknowledgement.
//
//   ASSIGN_OR_RETURN(auto sink, KafkaSink::Connect({.client = settings}, &counters));
//
// Shape     a record that is too large for us goes to the dead-letter Kafka topic as a pointer: no
//           key, value or headers of its own, but where it came from and why. When the broker
//           refuses a batch, any record in it may be at fault: the commit is aborted, and until one
//           succeeds records are sent one by one, so that only the guilty one becomes a pointer.
// Cost      one copy of key and value into librdkafka's queue, which is bounded in bytes; a full
//           queue waits. Errors    Connect: InvalidArgument. FailedPrecondition: even a pointer was
//           refused, so nothing could be said of that record any more.
// Threads   librdkafka has its own; all of its callbacks run on ours, inside these calls.
#ifndef TOCSIN_PIPELINE_PUBLISH_KAFKA_SINK_H_
#define TOCSIN_PIPELINE_PUBLISH_KAFKA_SINK_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"
#include "pipeline/counters.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

struct KafkaSinkOptions {
  broker::ClientSettings client;
  std::vector<std::string> kafka_topics;  // that will be published to, as far as known
  std::string dead_letter_kafka_topic = "news.dead-letter";
  int task_id = 0;  // of the worker, for its pointers
};

class KafkaSink final : public Sink {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaSink>> Connect(KafkaSinkOptions options,
                                                            Counters* counters);

  absl::Status Publish(const Record& origin, const OutputRecord& output) override;
  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override;
  absl::Status Commit(Source& source, const Offsets& next) override;
  absl::Status Abort() override;

  // Returns once everything published is acknowledged or has failed.
  absl::Status Flush();

 private:
  enum class Outcome : uint8_t { kQueued, kRefused, kFailed };

  KafkaSink(KafkaSinkOptions options, Counters* counters)
      : options_(std::move(options)), counters_(counters) {}

  static void HandleDelivery(rd_kafka_t* client, const rd_kafka_message_t* message,
                             void* self) noexcept;
  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  absl::Status Reconnect();
  absl::Status PublishPointer(const Record& origin, const std::string& kafka_topic);
  Outcome Produce(const OutputRecord& output);
  Outcome ProduceAlone(const OutputRecord& output);
  void AwaitDeliveries();
  absl::Status Failure() const;

  KafkaSinkOptions options_;
  Counters* counters_;
  uint64_t failed_ = 0;   // since the last commit
  uint64_t refused_ = 0;  // of these, by the broker for the record's own sake
  std::string failure_;   // the first one's words
  bool one_by_one_ = false;
  broker::Client client_;  // after the others: its callbacks use them until it is gone
  std::vector<broker::Topic> known_topics_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_KAFKA_SINK_H_
