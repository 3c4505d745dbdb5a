// A librdkafka producer: a bounded queue of records on their way to the broker.
//
//   ASSIGN_OR_RETURN(auto producer, Producer::Connect({.client = settings}, &counters));
//   RETURN_IF_ERROR(producer->Publish(output));
//   RETURN_IF_ERROR(producer->Flush());
//
// Shape     transactional if it has a transactional id, else idempotent. Order is kept within an
//           output partition.
// Cost      one copy of key and value into librdkafka's queue, which is bounded in bytes; a full
//           queue waits until records were acknowledged or have failed.
// Errors    as of Sink. Once a record has failed, Publish and Flush say so until ForgetFailures or
//           Reconnect.
// Threads   librdkafka has its own; all but one of its callbacks run on ours, inside these calls.
#ifndef TOCSIN_PIPELINE_PUBLISH_PRODUCER_H_
#define TOCSIN_PIPELINE_PUBLISH_PRODUCER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"
#include "pipeline/counters.h"
#include "pipeline/publish/sink.h"
#include "pipeline/record.h"

namespace tocsin {

struct ProducerOptions {
  broker::ClientSettings client;
  std::vector<std::string> kafka_topics;  // that will be published to, as far as known
  std::string transactional_id;
};

class Producer {
 public:
  static absl::StatusOr<std::unique_ptr<Producer>> Connect(ProducerOptions options,
                                                           Counters* counters);

  absl::Status Publish(const OutputRecord& output);

  // Returns once everything published is acknowledged or has failed, or the transaction has: then
  // nothing more of it is sent.
  absl::Status Flush();

  void ForgetFailures();

  // Whether the broker refused a record since failures were last forgotten.
  bool has_refusal() const { return refusal_ != Refusal::kNone; }

  // A new one in its place; what is on its way is forgotten.
  absl::Status Reconnect();

  bool has_fatal_error() const;

  // What has become of the transaction that is open; null: nothing, it goes on.
  broker::Error TransactionError() const;

  rd_kafka_t* client() const { return client_.get(); }

  // No record that measures more as it travels is taken.
  size_t record_bytes_max() const { return record_bytes_max_; }

  // Whether a connection was lost or a request timed out since this was last asked.
  bool TakeDisturbance() { return disturbed_.exchange(false); }
  bool authentication_failed() const { return authentication_failed_; }

  // The error of a missing right: PermissionDenied, naming the Kafka topics that were never written
  // to, if there are such. A right taken away while we run may come back; one that was never there
  // is a mistake: Aborted without any.
  absl::Status Denied(std::string_view what) const;

 private:
  Producer(ProducerOptions options, Counters* counters)
      : options_(std::move(options)), counters_(counters) {}

  static void HandleDelivery(rd_kafka_t* client, const rd_kafka_message_t* message,
                             void* self) noexcept;
  static int HandleOpen(int domain, int type, int protocol, void* self) noexcept;
  static int HandleClose(int socket, void* self) noexcept;
  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  absl::Status Enqueue(const OutputRecord& output);
  void NoteQueue();
  absl::Status Failure() const;
  absl::Status FatalError() const;

  ProducerOptions options_;
  Counters* counters_;
  size_t record_bytes_max_ = 0;
  uint64_t failed_ = 0;
  Refusal refusal_ = Refusal::kNone;    // by the broker, of any of these for its own sake
  rd_kafka_resp_err_t failure_code_{};  // the first one's
  std::string failure_;                 // its words
  std::string failed_kafka_topic_;
  std::map<std::string, bool, std::less<>> was_acknowledged_;  // ever, by Kafka topic
  std::atomic<bool> disturbed_ = false;
  std::atomic<bool> authentication_failed_ = false;
  broker::Client client_;  // after the others: its callbacks use them until it is gone
  std::vector<broker::Topic> known_topics_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_PRODUCER_H_
