#include "pipeline/alert/leader_lock.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "pipeline/broker/membership.h"
#include "pipeline/broker/rebalance.h"
#include "pipeline/broker/watch_sockets.h"
#include "pipeline/consume/fetched.h"
#include "rules/base/status_macros.h"

namespace tocsin {

absl::StatusOr<std::unique_ptr<LeaderLock>> LeaderLock::Connect(
    const broker::ClientSettings& settings, std::string kafka_topic, Counters* counters) {
  ASSIGN_OR_RETURN(broker::Conf conf, broker::ConsumerConf(settings));
  std::unique_ptr<LeaderLock> lock(new LeaderLock(std::move(kafka_topic), counters));
  rd_kafka_conf_set_opaque(conf.get(), lock.get());
  rd_kafka_conf_set_rebalance_cb(conf.get(), &HandleRebalance);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  broker::WatchSockets<LeaderLock>(conf.get());
  ASSIGN_OR_RETURN(lock->client_, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(lock->client_.get());
  RETURN_IF_ERROR(lock->Subscribe());
  return lock;
}

LeaderLock::~LeaderLock() { Close(); }

absl::Status LeaderLock::Subscribe() {
  const broker::PartitionList kafka_topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(kafka_topics.get(), kafka_topic_.c_str(),
                                    RD_KAFKA_PARTITION_UA);
  const rd_kafka_resp_err_t code = rd_kafka_subscribe(client_.get(), kafka_topics.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("subscribing to {}: {}", kafka_topic_, rd_kafka_err2str(code)));
}

absl::Status LeaderLock::Poll(std::chrono::milliseconds timeout) {
  const broker::Message message(
      rd_kafka_consumer_poll(client_.get(), static_cast<int>(timeout.count())));
  // Whatever is written to the lock's Kafka topic means nothing.
  if (message != nullptr && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    RETURN_IF_ERROR(CheckFetchError(*message, assigned_once_));
  }
  if (authentication_failed_ && !assigned_once_) {
    return absl::UnauthenticatedError("the Kafka brokers refuse our credentials");
  }
  return absl::OkStatus();
}

bool LeaderLock::Holds(uint64_t term) const {
  return owns_ && term == term_ && rd_kafka_assignment_lost(client_.get()) == 0;
}

absl::StatusOr<GroupMembership> LeaderLock::Membership() {
  return broker::MembershipOf(client_.get());
}

void LeaderLock::Close() {
  if (client_ == nullptr) return;
  rd_kafka_consumer_close(client_.get());
  client_.reset();
  owns_ = false;
  counters_->is_member.Set(0);
}

void LeaderLock::HandleRebalance(rd_kafka_t* /*client*/, rd_kafka_resp_err_t code,
                                 rd_kafka_topic_partition_list_t* partitions, void* self) noexcept {
  auto* const lock = static_cast<LeaderLock*>(self);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    lock->Assign(partitions);
    return;
  }
  if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    spdlog::warn("rebalance: {}", rd_kafka_err2str(code));
  }
  lock->Revoke(partitions);
}

void LeaderLock::Assign(rd_kafka_topic_partition_list_t* partitions) {
  assigned_once_ = true;
  counters_->rebalances.Add({"assigned"}, 1);
  counters_->is_member.Set(1);
  for (int i = 0; i < partitions->cnt; ++i) {
    // Nothing of it is read: there is nothing to go back for.
    partitions->elems[i].offset = RD_KAFKA_OFFSET_END;
    if (partitions->elems[i].partition != 0) continue;
    owns_ = true;
    ++term_;
  }
  broker::TakePartitions(client_.get(), partitions);
}

void LeaderLock::Revoke(rd_kafka_topic_partition_list_t* partitions) {
  const bool is_lost = rd_kafka_assignment_lost(client_.get()) != 0;
  counters_->rebalances.Add({is_lost ? "lost" : "revoked"}, 1);
  if (is_lost || !broker::IsCooperative()) counters_->is_member.Set(0);
  for (int i = 0; i < partitions->cnt; ++i) {
    if (partitions->elems[i].partition != 0 || !owns_) continue;
    if (on_release_) on_release_(is_lost ? Revocation::kLost : Revocation::kInOrder);
    owns_ = false;
  }
  broker::GiveUpPartitions(client_.get(), partitions);
}

void LeaderLock::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                             void* self) noexcept {
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION) {
    static_cast<LeaderLock*>(self)->authentication_failed_ = true;
  }
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

}  // namespace tocsin
