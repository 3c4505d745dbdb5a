#include "pipeline/alert/leader_source.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "pipeline/broker/extents.h"
#include "pipeline/broker/watch_sockets.h"
#include "pipeline/consume/fetched.h"
#include "pipeline/fault_points.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::chrono::seconds kLookInterval{30};
constexpr int kLookTimeoutMs = 1'000;

}  // namespace

LeaderSource::LeaderSource(LeaderSourceOptions options, LeaderLock* lock, StateLog* log,
                           Counters* counters)
    : options_(std::move(options)),
      lock_(lock),
      term_(lock->term()),
      log_(log),
      counters_(counters),
      gauges_(counters),
      fetch_waker_(options_.client.buffers) {}

LeaderSource::~LeaderSource() { Close(); }

absl::Status LeaderSource::Poll(std::chrono::milliseconds timeout, RecordBatch* batch) {
  batch->Clear();
  fault::Reach(fault::Point::kPoll);
  RETURN_IF_ERROR(lock_->Poll(std::chrono::milliseconds(0)));
  if (exhausted()) return absl::OkStatus();
  if (client_ == nullptr) {
    const absl::StatusOr<bool> is_open = Open(timeout);
    if (absl::IsUnavailable(is_open.status())) {
      spdlog::warn("alert: {}; trying again", std::string(is_open.status().message()));
      return lock_->Poll(timeout);
    }
    RETURN_IF_ERROR(is_open.status());
    if (!*is_open) return absl::OkStatus();
  }
  RETURN_IF_ERROR(Fill(timeout, batch));
  gauges_.Refresh(client_.get(), assignment_);
  const Clock::time_point now = Clock::now();
  if (now >= next_commit_of_all_) {
    next_commit_of_all_ = now + options_.recommit_interval;
    for (const Assignment::Partition& each : assignment_.partitions()) {
      if (each.is_adrift) continue;
      batch->AppendEnd(each.kafka_topic, each.partition, each.next_offset);
    }
  }
  if (now < next_look_) return absl::OkStatus();
  next_look_ = now + kLookInterval;
  return LookForPartitions();
}

absl::StatusOr<bool> LeaderSource::Open(std::chrono::milliseconds timeout) {
  if (!is_aimed_) {
    RETURN_IF_ERROR(log_->Aim());
    is_aimed_ = true;
  }
  if (!log_->is_caught_up()) RETURN_IF_ERROR(log_->Follow(timeout));
  if (!log_->is_caught_up()) return false;
  log_->Stop();
  ASSIGN_OR_RETURN(const std::vector<Extent> starts, FindStarts());
  RETURN_IF_ERROR(Assign(starts));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
  counters_->alert_restore_ms.Set(took.count());
  counters_->alert_is_active.Set(1);
  next_commit_of_all_ = Clock::now();
  next_look_ = Clock::now() + kLookInterval;
  spdlog::info("alert: active, after {} ms", took.count());
  return true;
}

// One that is missing does not hold up the others.
absl::StatusOr<std::vector<Extent>> LeaderSource::FindExtents() {
  std::vector<Extent> extents;
  for (const std::string& kafka_topic : options_.kafka_topics) {
    const absl::StatusOr<std::vector<Extent>> found =
        broker::ExtentsNow(options_.client, {kafka_topic});
    if (absl::IsNotFound(found.status())) {
      spdlog::warn("alert: {}; looking again every {} s", std::string(found.status().message()),
                   kLookInterval.count());
      continue;
    }
    RETURN_IF_ERROR(found.status());
    extents.insert(extents.end(), found->begin(), found->end());
  }
  return extents;
}

absl::StatusOr<std::vector<Extent>> LeaderSource::FindStarts() {
  ASSIGN_OR_RETURN(std::vector<Extent> extents, FindExtents());
  if (extents.empty()) return extents;
  const bool begins_at_the_end =
      broker::OffsetResetOf(options_.client) == broker::OffsetReset::kLatest;
  std::vector<Extent> starts = extents;
  for (Extent& start : starts) {
    const int64_t first = begins_at_the_end ? start.end : start.begin;
    start.begin = starts_.try_emplace({start.kafka_topic, start.partition}, first).first->second;
  }
  RETURN_IF_ERROR(broker::MoveToCommitted(options_.client, &starts));
  for (size_t i = 0; i < starts.size(); ++i) {
    const int64_t wanted = starts[i].begin;
    ASSIGN_OR_RETURN(starts[i].begin, broker::Confine(options_.client, extents[i], wanted));
    gauges_.Confined(extents[i], wanted);
  }
  return starts;
}

// A new client each time: no record that the last one fetched can come after the partitions were
// set back.
absl::Status LeaderSource::Assign(const std::vector<Extent>& starts) {
  ASSIGN_OR_RETURN(broker::Conf conf, broker::ConsumerConf(options_.client));
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  broker::WatchSockets<LeaderSource>(conf.get());
  rd_kafka_conf_set(conf.get(), "enable.partition.eof", "true", nullptr, 0);
  ASSIGN_OR_RETURN(broker::Client client, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(client.get());
  const broker::PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(starts.size())));
  assignment_ = Assignment();
  for (const Extent& start : starts) {
    rd_kafka_topic_partition_list_add(partitions.get(), start.kafka_topic.c_str(), start.partition)
        ->offset = start.begin;
    assignment_.Add(start.kafka_topic, start.partition);
    assignment_.Seek(start.kafka_topic, start.partition, start.begin);
    counters_->lags.Add(start.kafka_topic, start.partition);
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(client.get(), partitions.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(fmt::format("assigning the inputs: {}", rd_kafka_err2str(code)));
  }
  client_ = std::move(client);
  return absl::OkStatus();
}

absl::Status LeaderSource::Fill(std::chrono::milliseconds timeout, RecordBatch* batch) {
  absl::Status status;
  for (size_t polled = 0;
       status.ok() && polled < options_.records_max && batch->value_bytes() < options_.bytes_max;
       ++polled) {
    const int timeout_ms = batch->empty() ? static_cast<int>(timeout.count()) : 0;
    broker::Message message(rd_kafka_consumer_poll(client_.get(), timeout_ms));
    if (message == nullptr) break;
    fetch_waker_.Took(client_.get(), *message);
    status = Accept(std::move(message), batch);
  }
  return status;
}

absl::Status LeaderSource::Accept(broker::Message message, RecordBatch* batch) {
  const bool is_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !is_end) return CheckFetchError(*message, true);
  const char* const kafka_topic = rd_kafka_topic_name(message->rkt);
  switch (assignment_.Judge(kafka_topic, message->partition, message->offset)) {
    case Arrival::kRefused:
      return absl::OkStatus();
    case Arrival::kAdrift:
      return AdriftError(*message);
    case Arrival::kGap:
      if (!is_end) gauges_.PassedOver(client_.get(), assignment_, *message);
      break;
    case Arrival::kStart:  // sought when it was assigned
    case Arrival::kNext:
      break;
  }
  if (is_end) {
    gauges_.ReachedEnd(kafka_topic, message->partition, assignment_, message->offset);
    return absl::OkStatus();
  }
  assignment_.Take(kafka_topic, message->partition, message->offset);
  AppendFetched(std::move(message), batch);
  return absl::OkStatus();
}

absl::Status LeaderSource::LookForPartitions() {
  for (const std::string& kafka_topic : options_.kafka_topics) {
    const absl::StatusOr<int> count =
        broker::CountPartitions(client_.get(), kafka_topic, kLookTimeoutMs);
    if (!count.ok()) continue;  // it is asked again
    const auto known = std::count_if(
        assignment_.partitions().begin(), assignment_.partitions().end(),
        [&](const Assignment::Partition& each) { return each.kafka_topic == kafka_topic; });
    if (*count == known) continue;
    return absl::AbortedError(fmt::format("Kafka topic {} has {} partitions now, not {} any more",
                                          kafka_topic, *count, known));
  }
  return absl::OkStatus();
}

absl::Status LeaderSource::CommitOffsets(const Offsets& /*next*/) {
  return absl::FailedPreconditionError("alerts are committed in transactions only");
}

absl::StatusOr<GroupMembership> LeaderSource::Membership() {
  if (exhausted()) return absl::AbortedError("the lock is not ours any more");
  return lock_->Membership();
}

absl::Status LeaderSource::Rewind() {
  std::erase_if(starts_, [&](const Starts::value_type& start) {
    const auto* const ours = assignment_.Find(start.first.first, start.first.second);
    return ours != nullptr && ours->is_adrift;
  });
  Close();
  is_aimed_ = false;
  began_ = Clock::now();
  return absl::OkStatus();
}

void LeaderSource::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                               void* self) noexcept {
  // Going back at once would close the client, and librdkafka 2.0.2 may wait for ever there for
  // partitions that are missing: what comes of them next has us go back.
  NoteIfGone(code, reason, &static_cast<LeaderSource*>(self)->assignment_).IgnoreError();
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

void LeaderSource::Close() {
  client_.reset();
  counters_->lags.Clear();
  counters_->alert_is_active.Set(0);
}

}  // namespace tocsin
