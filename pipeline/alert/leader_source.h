// All partitions of the inputs, for as long as the lock is ours.
//
//   LeaderSource source({.client = settings, .kafka_topics = {"news.ceasefire"}}, lock.get(), &log,
//                       &counters);
//   ... a Worker, whose Run returns when the term has ended ...
//
// Shape     before the first record, and after each Rewind, the state is read to its end; then the
//           committed offsets are asked for. Where nothing is committed a partition begins where
//           auto.offset.reset says, earliest by default; that place is kept until a commit. Offsets
//           of Kafka topics that a group does not subscribe to expire: once a minute all are
//           committed again. Partitions that are added to a Kafka topic, and Kafka topics that were
//           missing, are noticed within a minute. Exhausted: the term of the lock has ended.
// Errors    Poll: Aborted, for a rewind, when the partitions are other ones; else as KafkaSource and
//           StateLog. CommitOffsets: FailedPrecondition: a transaction must.
// Threads   one.
// Lifetime  lock, log and counters outlive it.
#ifndef TOCSIN_PIPELINE_ALERT_LEADER_SOURCE_H_
#define TOCSIN_PIPELINE_ALERT_LEADER_SOURCE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/alert/leader_lock.h"
#include "pipeline/alert/state_log.h"
#include "pipeline/broker/fetch_waker.h"
#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"
#include "pipeline/consume/assignment.h"
#include "pipeline/consume/consumer_gauges.h"
#include "pipeline/consume/source.h"
#include "pipeline/consume/window.h"
#include "pipeline/counters.h"

namespace tocsin {

struct LeaderSourceOptions {
  broker::ClientSettings client;
  std::vector<std::string> kafka_topics;
  size_t records_max = 1000;
  size_t bytes_max = size_t{4} << 20;
  std::chrono::milliseconds recommit_interval{60'000};
};

class LeaderSource final : public Source {
 public:
  LeaderSource(LeaderSourceOptions options, LeaderLock* lock, StateLog* log, Counters* counters);
  ~LeaderSource() override;

  void OnRevoke(RevokeHandler handler) override { lock_->OnRelease(std::move(handler)); }
  absl::Status Poll(std::chrono::milliseconds timeout, RecordBatch* batch) override;
  absl::Status CommitOffsets(const Offsets& next) override;
  absl::StatusOr<GroupMembership> Membership() override;
  absl::Status Rewind() override;
  bool exhausted() const override { return !lock_->Holds(term_); }
  void Close() override;

  broker::Sockets& sockets() { return gauges_.sockets(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Starts = std::map<std::pair<std::string, int32_t>, int64_t>;

  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  // Whether records can be polled now.
  absl::StatusOr<bool> Open(std::chrono::milliseconds timeout);
  absl::StatusOr<std::vector<Extent>> FindExtents();
  absl::StatusOr<std::vector<Extent>> FindStarts();
  absl::Status Assign(const std::vector<Extent>& starts);
  absl::Status Fill(std::chrono::milliseconds timeout, RecordBatch* batch);
  absl::Status Accept(broker::Message message, RecordBatch* batch);
  absl::Status LookForPartitions();

  const LeaderSourceOptions options_;
  LeaderLock* const lock_;
  const uint64_t term_;
  StateLog* const log_;
  Counters* const counters_;
  ConsumerGauges gauges_;
  broker::FetchWaker fetch_waker_;
  Assignment assignment_;
  Starts starts_;  // of partitions without a commit
  bool is_aimed_ = false;
  Clock::time_point began_ = Clock::now();  // to get ready
  Clock::time_point next_commit_of_all_;
  Clock::time_point next_look_;
  broker::Client client_;  // while records can be polled; last: its callbacks use the others
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_LEADER_SOURCE_H_
