// A member of a consumer group.
//
//   ASSIGN_OR_RETURN(auto source,
//                    KafkaSource::Connect({.client = settings, .kafka_topics = {"news.raw"}},
//                                         &counters));
//
// Shape     a batch ends with records_max records or bytes_max bytes of values, whichever comes
//           first, or when nothing more has been fetched. With a window only its records are
//           taken, and the source is exhausted when the whole group is done: when every partition
//           is ours and has reached its end, or has its end committed, by whichever member. What
//           another holds may come to us: it may have died. Where a partition starts and goes on:
//           pipeline/README.md.
// Cost      one librdkafka call a record; bytes are not copied. The batch API is avoided: it loses
//           records around seek and rebalance (CHANGELOG 2.0.0, LRK#4844).
// Errors    Connect: InvalidArgument. Poll: Unauthenticated while no assignment has ever been made,
//           as librdkafka would try a wrong password for ever; PermissionDenied; OutOfRange where
//           auto.offset.reset=error; Internal on librdkafka's fatal errors. All else is retried,
//           and logged.
#ifndef TOCSIN_PIPELINE_CONSUME_KAFKA_SOURCE_H_
#define TOCSIN_PIPELINE_CONSUME_KAFKA_SOURCE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/broker/fetch_waker.h"
#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"
#include "pipeline/consume/assignment.h"
#include "pipeline/consume/consumer_gauges.h"
#include "pipeline/consume/rate_limit.h"
#include "pipeline/consume/source.h"
#include "pipeline/consume/window.h"
#include "pipeline/counters.h"

namespace tocsin {

struct KafkaSourceOptions {
  broker::ClientSettings client;
  std::vector<std::string> kafka_topics;
  size_t records_max = 1000;
  size_t bytes_max = size_t{4} << 20;
  std::optional<Window> window = std::nullopt;
  RateLimit* rate_limit = nullptr;  // shared; outlives the source
};

class KafkaSource final : public Source {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaSource>> Connect(KafkaSourceOptions options,
                                                              Counters* counters);

  ~KafkaSource() override;

  void OnRevoke(RevokeHandler handler) override { on_revoke_ = std::move(handler); }
  absl::Status Poll(std::chrono::milliseconds timeout, RecordBatch* batch) override;
  absl::Status CommitOffsets(const Offsets& next) override;
  absl::StatusOr<GroupMembership> Membership() override;
  absl::Status Rewind() override;
  bool exhausted() const override;
  void Close() override;

  broker::Sockets& sockets() { return gauges_.sockets(); }

 private:
  KafkaSource(KafkaSourceOptions options, Counters* counters)
      : options_(std::move(options)), gauges_(counters), fetch_waker_(options_.client.buffers) {}

  static void HandleRebalance(rd_kafka_t* client, rd_kafka_resp_err_t code,
                              rd_kafka_topic_partition_list_t* partitions, void* self) noexcept;
  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  absl::Status Subscribe();
  void Assign(rd_kafka_topic_partition_list_t* partitions);
  void Revoke(rd_kafka_topic_partition_list_t* partitions);

  // Takes a message or an error event; only errors that end the stream are returned.
  absl::Status Accept(broker::Message message, RecordBatch* batch);
  absl::StatusOr<bool> IsWanted(const rd_kafka_message_t& message);

  // Of a window: that the partition has no record before this offset any more.
  void NoteReached(const rd_kafka_message_t& message);
  bool IsDone(const Extent& extent) const;
  void LookWhetherGroupIsDone();

  // Whether the partition's first message is where the group goes on; if not, it is sought.
  absl::StatusOr<bool> Start(const rd_kafka_message_t& first);

  absl::Status SeekToCommitted();
  absl::Status LookUpCommitted(rd_kafka_topic_partition_list_t* partitions);
  absl::Status ConfineAdrift(rd_kafka_topic_partition_list_t* partitions);
  absl::Status Seek(rd_kafka_topic_partition_list_t* partitions);
  void GoOnAt(const rd_kafka_topic_partition_t& place);

  KafkaSourceOptions options_;
  ConsumerGauges gauges_;
  broker::FetchWaker fetch_waker_;
  RevokeHandler on_revoke_;
  Assignment assignment_;           // suspended until the seek of a rewind has succeeded
  RecordBatch* filling_ = nullptr;  // inside Poll only
  bool assigned_once_ = false;
  bool group_is_done_ = false;                       // with the window: every end is committed
  std::chrono::steady_clock::time_point next_look_;  // at what the group has committed
  std::atomic<bool> authentication_failed_ = false;
  absl::Status gone_;      // an input, as the last call of librdkafka has told
  broker::Client client_;  // last: its callbacks use the others until it is gone
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_KAFKA_SOURCE_H_
