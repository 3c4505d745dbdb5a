#include "pipeline/consume/kafka_source.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "pipeline/broker/extents.h"
#include "pipeline/broker/membership.h"
#include "pipeline/broker/rebalance.h"
#include "pipeline/broker/watch_sockets.h"
#include "pipeline/consume/fetched.h"
#include "pipeline/fault_points.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int kCommittedTimeoutMs = 10'000;
constexpr int kCommitTimeoutMs = 60'000;
constexpr int kLookTimeoutMs = 1'000;
constexpr std::chrono::milliseconds kLookInterval{500};

bool Contains(rd_kafka_topic_partition_list_t* partitions, std::string_view kafka_topic,
              int32_t partition) {
  return std::any_of(partitions->elems, partitions->elems + partitions->cnt,
                     [&](const rd_kafka_topic_partition_t& each) {
                       return each.partition == partition && each.topic == kafka_topic;
                     });
}

std::string Describe(const rd_kafka_topic_partition_list_t& partitions) {
  std::string text;
  for (int i = 0; i < partitions.cnt; ++i) {
    text += fmt::format("{}{}[{}]", i == 0 ? "" : " ", partitions.elems[i].topic,
                        partitions.elems[i].partition);
  }
  return text.empty() ? "none" : text;
}

// The first error among the partitions of an answer.
rd_kafka_resp_err_t FirstError(const rd_kafka_topic_partition_list_t& partitions) {
  for (int i = 0; i < partitions.cnt; ++i) {
    if (partitions.elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) return partitions.elems[i].err;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaSource>> KafkaSource::Connect(KafkaSourceOptions options,
                                                                  Counters* counters) {
  ASSIGN_OR_RETURN(broker::Conf conf, broker::ConsumerConf(options.client));
  std::unique_ptr<KafkaSource> source(new KafkaSource(std::move(options), counters));
  rd_kafka_conf_set_opaque(conf.get(), source.get());
  rd_kafka_conf_set_rebalance_cb(conf.get(), &HandleRebalance);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  broker::WatchSockets<KafkaSource>(conf.get());
  rd_kafka_conf_set(conf.get(), "enable.partition.eof", "true", nullptr, 0);
  ASSIGN_OR_RETURN(source->client_, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(source->client_.get());
  RETURN_IF_ERROR(source->Subscribe());
  return source;
}

KafkaSource::~KafkaSource() { Close(); }

absl::Status KafkaSource::Subscribe() {
  const broker::PartitionList kafka_topics(
      rd_kafka_topic_partition_list_new(static_cast<int>(options_.kafka_topics.size())));
  for (const std::string& kafka_topic : options_.kafka_topics) {
    rd_kafka_topic_partition_list_add(kafka_topics.get(), kafka_topic.c_str(),
                                      RD_KAFKA_PARTITION_UA);
  }
  const rd_kafka_resp_err_t code = rd_kafka_subscribe(client_.get(), kafka_topics.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("subscribing to {}: {}", Describe(*kafka_topics), rd_kafka_err2str(code)));
}

absl::Status KafkaSource::Poll(std::chrono::milliseconds timeout, RecordBatch* batch) {
  batch->Clear();
  fault::Reach(fault::Point::kPoll);
  if (assignment_.suspended()) {
    const absl::Status status = SeekToCommitted();
    if (absl::IsOutOfRange(status)) return status;
    if (!status.ok()) spdlog::warn("consume: {}; trying again", std::string(status.message()));
  }
  RateLimit* const rate_limit = options_.rate_limit;
  size_t allowed = options_.records_max;
  if (rate_limit != nullptr) {
    allowed = std::min(allowed, rate_limit->Allowance(RateLimit::Clock::now()));
    if (allowed == 0) {
      std::this_thread::sleep_for(timeout);
      return absl::OkStatus();
    }
  }
  filling_ = batch;
  absl::Status status;
  // Records that are passed over count, too: the caller wants to come back.
  for (size_t polled = 0;
       status.ok() && polled < allowed && batch->value_bytes() < options_.bytes_max; ++polled) {
    const int timeout_ms = batch->empty() ? static_cast<int>(timeout.count()) : 0;
    broker::Message message(rd_kafka_consumer_poll(client_.get(), timeout_ms));
    status = std::exchange(gone_, absl::OkStatus());
    if (!status.ok() || message == nullptr) break;
    fetch_waker_.Took(client_.get(), *message);
    status = Accept(std::move(message), batch);
  }
  filling_ = nullptr;
  gauges_.Refresh(client_.get(), assignment_);
  if (options_.window && batch->empty() && batch->ends().empty()) LookWhetherGroupIsDone();
  if (rate_limit != nullptr) rate_limit->Spend(batch->records().size());
  if (status.ok() && authentication_failed_ && !assigned_once_) {
    return absl::UnauthenticatedError("the Kafka brokers refuse our credentials");
  }
  return status;
}

absl::Status KafkaSource::Accept(broker::Message message, RecordBatch* batch) {
  const std::optional<Window>& window = options_.window;
  const bool is_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !is_end) {
    return CheckFetchError(*message, assigned_once_);
  }
  ASSIGN_OR_RETURN(const bool is_wanted, IsWanted(*message));
  if (!is_wanted) return absl::OkStatus();
  const char* const kafka_topic = rd_kafka_topic_name(message->rkt);
  NoteReached(*message);
  if (is_end) {
    gauges_.ReachedEnd(kafka_topic, message->partition, assignment_, message->offset);
    return absl::OkStatus();
  }
  assignment_.Take(kafka_topic, message->partition, message->offset);
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  if (!window || window->Takes(kafka_topic, message->partition, message->offset,
                               rd_kafka_message_timestamp(message.get(), &type))) {
    AppendFetched(std::move(message), batch);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> KafkaSource::IsWanted(const rd_kafka_message_t& message) {
  switch (assignment_.Judge(rd_kafka_topic_name(message.rkt), message.partition, message.offset)) {
    case Arrival::kRefused:
      return false;
    case Arrival::kStart:
      return Start(message);
    case Arrival::kAdrift:
      return AdriftError(message);
    case Arrival::kGap:
      if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        gauges_.PassedOver(client_.get(), assignment_, message);
      }
      return true;
    case Arrival::kNext:
      return true;
  }
  return absl::InternalError("a delivery of no kind");
}

void KafkaSource::NoteReached(const rd_kafka_message_t& message) {
  const char* const kafka_topic = rd_kafka_topic_name(message.rkt);
  if (options_.window && options_.window->Reach(kafka_topic, message.partition, message.offset)) {
    filling_->AppendEnd(kafka_topic, message.partition, message.offset);
  }
}

bool KafkaSource::IsDone(const Extent& extent) const {
  return !options_.window || options_.window->IsDone(extent.kafka_topic, extent.partition);
}

bool KafkaSource::exhausted() const {
  if (!options_.window || assignment_.suspended()) return false;
  const std::vector<Extent>& extents = options_.window->extents();
  return group_is_done_ || std::all_of(extents.begin(), extents.end(), [&](const Extent& extent) {
           return assignment_.Find(extent.kafka_topic, extent.partition) != nullptr &&
                  IsDone(extent);
         });
}

void KafkaSource::LookWhetherGroupIsDone() {
  if (!options_.window) return;
  const std::vector<Extent>& extents = options_.window->extents();
  for (const Extent& extent : extents) {
    if (assignment_.Find(extent.kafka_topic, extent.partition) && !IsDone(extent)) return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return;
  next_look_ = now + kLookInterval;
  // An error is an answer that comes later: offsets of an open transaction are not told.
  group_is_done_ = broker::EndsAreCommitted(client_.get(), extents, kLookTimeoutMs).value_or(false);
}

absl::Status KafkaSource::CommitOffsets(const Offsets& next) {
  const broker::PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(next.entries().size())));
  for (const PartitionOffset& each : next.entries()) {
    if (assignment_.Find(each.kafka_topic, each.partition) == nullptr) continue;
    rd_kafka_topic_partition_list_add(partitions.get(), each.kafka_topic.c_str(), each.partition)
        ->offset = each.offset;
  }
  if (partitions->cnt == 0) return absl::OkStatus();

  // rd_kafka_commit reports no error of a single partition as long as another succeeds; the event
  // does.
  const broker::Queue queue(rd_kafka_queue_new(client_.get()));
  const rd_kafka_resp_err_t sent =
      rd_kafka_commit_queue(client_.get(), partitions.get(), queue.get(), nullptr, nullptr);
  rd_kafka_resp_err_t code = sent;
  if (sent == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const broker::Event event(rd_kafka_queue_poll(queue.get(), kCommitTimeoutMs));
    if (event == nullptr) {
      code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    } else {
      code = rd_kafka_event_error(event.get());
      const auto* stored = rd_kafka_event_topic_partition_list(event.get());
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR && stored != nullptr) code = FirstError(*stored);
    }
  }
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::AbortedError(
      fmt::format("committing offsets of {}: {}", Describe(*partitions), rd_kafka_err2str(code)));
}

absl::StatusOr<GroupMembership> KafkaSource::Membership() {
  return broker::MembershipOf(client_.get());
}

absl::Status KafkaSource::Rewind() {
  assignment_.Suspend();
  return absl::OkStatus();
}

// librdkafka may take an offset that is withheld, as a transaction holds it, for none at all:
// pipeline/README.md.
absl::StatusOr<bool> KafkaSource::Start(const rd_kafka_message_t& first) {
  const char* const kafka_topic = rd_kafka_topic_name(first.rkt);
  const broker::PartitionList partition(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partition.get(), kafka_topic, first.partition);
  RETURN_IF_ERROR(LookUpCommitted(partition.get()));
  const bool is_right = partition->elems[0].offset == first.offset;
  if (is_right) {
    GoOnAt(partition->elems[0]);
  } else {
    RETURN_IF_ERROR(Seek(partition.get()));
  }
  return is_right;
}

absl::Status KafkaSource::SeekToCommitted() {
  fault::Reach(fault::Point::kBeforeRewind);
  // Those that have delivered nothing await their start.
  const broker::PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(assignment_.partitions().size())));
  for (const Assignment::Partition& ours : assignment_.partitions()) {
    if (ours.first_offset == Assignment::kUnknown) continue;
    rd_kafka_topic_partition_list_add(partitions.get(), ours.kafka_topic.c_str(), ours.partition);
  }
  if (partitions->cnt > 0) RETURN_IF_ERROR(LookUpCommitted(partitions.get()));
  RETURN_IF_ERROR(ConfineAdrift(partitions.get()));
  RETURN_IF_ERROR(Seek(partitions.get()));
  assignment_.Resume();
  fault::Reach(fault::Point::kAfterRewind);
  return absl::OkStatus();
}

// Where nothing is committed, the first record: what was delivered first, unless that may have been
// of another Kafka topic.
absl::Status KafkaSource::LookUpCommitted(rd_kafka_topic_partition_list_t* partitions) {
  rd_kafka_resp_err_t code = rd_kafka_committed(client_.get(), partitions, kCommittedTimeoutMs);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = FirstError(*partitions);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::AbortedError(fmt::format("reading the committed offsets of {}: {}",
                                          Describe(*partitions), rd_kafka_err2str(code)));
  }
  for (int i = 0; i < partitions->cnt; ++i) {
    rd_kafka_topic_partition_t& each = partitions->elems[i];
    if (each.offset >= 0) continue;
    const Assignment::Partition& ours = *assignment_.Find(each.topic, each.partition);
    const bool may_be_another =
        ours.is_adrift && broker::OffsetResetOf(options_.client) != broker::OffsetReset::kLatest;
    each.offset = may_be_another ? RD_KAFKA_OFFSET_BEGINNING : ours.first_offset;
  }
  return absl::OkStatus();
}

// Those that are not there, or do not answer, remain adrift, and do not hold up the others: what
// comes of them next, if anything does, asks again.
absl::Status KafkaSource::ConfineAdrift(rd_kafka_topic_partition_list_t* partitions) {
  std::map<std::string, int> counts;  // of partitions; none where the Kafka topic is gone
  for (int i = partitions->cnt - 1; i >= 0; --i) {
    rd_kafka_topic_partition_t& each = partitions->elems[i];
    if (!assignment_.Find(each.topic, each.partition)->is_adrift) continue;
    Extent now{.kafka_topic = each.topic, .partition = each.partition};
    const auto [count, is_new] = counts.try_emplace(now.kafka_topic, 0);
    if (is_new) {
      count->second =
          broker::CountPartitions(client_.get(), now.kafka_topic, kLookTimeoutMs).value_or(0);
    }
    if (each.partition >= count->second ||
        rd_kafka_query_watermark_offsets(client_.get(), each.topic, each.partition, &now.begin,
                                         &now.end, kLookTimeoutMs) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_topic_partition_list_del_by_idx(partitions, i);
      continue;
    }
    const int64_t wanted = each.offset;
    ASSIGN_OR_RETURN(each.offset, broker::Confine(options_.client, now, wanted));
    gauges_.Confined(now, wanted);
  }
  return absl::OkStatus();
}

absl::Status KafkaSource::Seek(rd_kafka_topic_partition_list_t* partitions) {
  if (partitions->cnt == 0) return absl::OkStatus();
  // Any other timeout is a thousand times too short before 2.1.0 (LRK#4230).
  const broker::Error error(rd_kafka_seek_partitions(client_.get(), partitions, -1));
  const rd_kafka_resp_err_t code =
      error == nullptr ? FirstError(*partitions) : rd_kafka_error_code(error.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::AbortedError(
        fmt::format("seeking {}: {}", Describe(*partitions), rd_kafka_err2str(code)));
  }
  for (int i = 0; i < partitions->cnt; ++i) GoOnAt(partitions->elems[i]);
  return absl::OkStatus();
}

void KafkaSource::GoOnAt(const rd_kafka_topic_partition_t& place) {
  assignment_.Seek(place.topic, place.partition, place.offset);
  gauges_.GoesOnAt(place.topic, place.partition, place.offset);
  if (options_.window) options_.window->Restart(place.topic, place.partition);
}

void KafkaSource::Close() {
  if (client_ == nullptr) return;
  rd_kafka_consumer_close(client_.get());
  client_.reset();
  gauges_.Closed();
}

void KafkaSource::HandleRebalance(rd_kafka_t* /*client*/, rd_kafka_resp_err_t code,
                                  rd_kafka_topic_partition_list_t* partitions,
                                  void* self) noexcept {
  auto* const source = static_cast<KafkaSource*>(self);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    source->Assign(partitions);
    return;
  }
  if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    spdlog::warn("rebalance: {}", rd_kafka_err2str(code));
  }
  source->Revoke(partitions);
}

void KafkaSource::Assign(rd_kafka_topic_partition_list_t* partitions) {
  spdlog::info("consume: assigned {}", Describe(*partitions));
  for (int i = 0; i < partitions->cnt; ++i) {
    const rd_kafka_topic_partition_t& each = partitions->elems[i];
    assignment_.Add(each.topic, each.partition);
    if (options_.window) options_.window->Restart(each.topic, each.partition);
    assigned_once_ = true;
  }
  gauges_.Assigned(*partitions);
  broker::TakePartitions(client_.get(), partitions);
}

void KafkaSource::Revoke(rd_kafka_topic_partition_list_t* partitions) {
  const bool is_lost = rd_kafka_assignment_lost(client_.get()) != 0;
  spdlog::info("consume: {} {}", is_lost ? "lost" : "giving up", Describe(*partitions));
  if (on_revoke_) on_revoke_(is_lost ? Revocation::kLost : Revocation::kInOrder);
  if (filling_ != nullptr) {
    filling_->Erase([&](std::string_view kafka_topic, int32_t partition) {
      return Contains(partitions, kafka_topic, partition);
    });
  }
  gauges_.Revoked(*partitions, is_lost);
  for (int i = 0; i < partitions->cnt; ++i) {
    assignment_.Remove(partitions->elems[i].topic, partitions->elems[i].partition);
  }
  broker::GiveUpPartitions(client_.get(), partitions);
}

void KafkaSource::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                              void* self) noexcept {
  auto* const source = static_cast<KafkaSource*>(self);
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION) source->authentication_failed_ = true;
  source->gone_.Update(NoteIfGone(code, reason, &source->assignment_));
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

}  // namespace tocsin
