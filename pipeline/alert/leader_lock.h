// The lock that one process of a group holds: partition 0 of a Kafka topic that has no other.
//
//   ASSIGN_OR_RETURN(auto lock, LeaderLock::Connect(settings, "news.alerts.lock", &counters));
//   RETURN_IF_ERROR(lock->Poll(100ms));
//   if (lock->Holds(lock->term())) ... we are the one ...
//
// Shape     a term begins when the lock comes to us and ends when it goes; it never comes back.
//           Holds looks anew: heartbeats fail on librdkafka's own thread, before Poll tells. Before
//           a term ends inside Poll or Close, the handler is called; in order, membership still
//           holds while it runs.
// Errors    Poll: as KafkaSource. Membership: Aborted while we are no member.
// Threads   one; the counters are read by others.
// Lifetime  the counters outlive it.
#ifndef TOCSIN_PIPELINE_ALERT_LEADER_LOCK_H_
#define TOCSIN_PIPELINE_ALERT_LEADER_LOCK_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"
#include "pipeline/consume/source.h"
#include "pipeline/counters.h"

namespace tocsin {

class LeaderLock {
 public:
  static absl::StatusOr<std::unique_ptr<LeaderLock>> Connect(const broker::ClientSettings& settings,
                                                             std::string kafka_topic,
                                                             Counters* counters);
  ~LeaderLock();

  void OnRelease(Source::RevokeHandler handler) { on_release_ = std::move(handler); }
  absl::Status Poll(std::chrono::milliseconds timeout);

  uint64_t term() const { return term_; }  // the last one
  bool Holds(uint64_t term) const;
  bool is_held() const { return Holds(term_); }

  absl::StatusOr<GroupMembership> Membership();
  void Close();

  broker::Sockets& sockets() { return counters_->consumer_sockets; }

 private:
  LeaderLock(std::string kafka_topic, Counters* counters)
      : kafka_topic_(std::move(kafka_topic)), counters_(counters) {}

  static void HandleRebalance(rd_kafka_t* client, rd_kafka_resp_err_t code,
                              rd_kafka_topic_partition_list_t* partitions, void* self) noexcept;
  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  absl::Status Subscribe();
  void Assign(rd_kafka_topic_partition_list_t* partitions);
  void Revoke(rd_kafka_topic_partition_list_t* partitions);

  const std::string kafka_topic_;
  Counters* const counters_;
  Source::RevokeHandler on_release_;
  uint64_t term_ = 0;
  bool owns_ = false;
  bool assigned_once_ = false;  // even if it was nothing
  std::atomic<bool> authentication_failed_ = false;
  broker::Client client_;  // last: its callbacks use the others until it is gone
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_LEADER_LOCK_H_
