#include "pipeline/consume/consumer_gauges.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "pipeline/broker/settings.h"

namespace tocsin {
namespace {

constexpr std::chrono::seconds kRefreshInterval{1};

}  // namespace

void ConsumerGauges::Assigned(const rd_kafka_topic_partition_list_t& partitions) {
  for (int i = 0; i < partitions.cnt; ++i) {
    counters_->lags.Add(partitions.elems[i].topic, partitions.elems[i].partition);
  }
  counters_->rebalances.Add({"assigned"}, 1);
  counters_->is_member.Set(1);
}

void ConsumerGauges::GoesOnAt(const char* kafka_topic, int32_t partition, int64_t offset) {
  Offsets next;
  next.Set(kafka_topic, partition, offset);
  counters_->lags.NoteCommitted(next);
}

void ConsumerGauges::Revoked(const rd_kafka_topic_partition_list_t& partitions, bool is_lost) {
  for (int i = 0; i < partitions.cnt; ++i) {
    counters_->lags.Remove(partitions.elems[i].topic, partitions.elems[i].partition);
    told_.erase({partitions.elems[i].topic, partitions.elems[i].partition});
  }
  counters_->rebalances.Add({is_lost ? "lost" : "revoked"}, 1);
  // An eager member has nothing until it is told anew; a cooperative one keeps the rest.
  if (is_lost || !broker::IsCooperative()) counters_->is_member.Set(0);
}

void ConsumerGauges::ReachedEnd(const char* kafka_topic, int32_t partition,
                                const Assignment& assignment, int64_t end) {
  const Assignment::Partition* const ours = assignment.Find(kafka_topic, partition);
  if (ours != nullptr) counters_->lags.NoteEnd(kafka_topic, partition, ours->next_offset, end);
}

void ConsumerGauges::Confined(const Extent& now, int64_t wanted) {
  if (wanted >= 0) CountDeleted(now.kafka_topic, now.partition, wanted, now.begin);
}

int64_t ConsumerGauges::CountDeleted(const std::string& kafka_topic, int32_t partition,
                                     int64_t from, int64_t to) {
  int64_t& told = told_[{kafka_topic, partition}];
  const int64_t deleted = to - std::max(from, told);
  if (deleted <= 0) return 0;
  told = to;
  counters_->deleted_unread.Add({kafka_topic}, static_cast<uint64_t>(deleted));
  return deleted;
}

void ConsumerGauges::PassedOver(rd_kafka_t* client, const Assignment& assignment,
                                const rd_kafka_message_t& message) {
  const char* const kafka_topic = rd_kafka_topic_name(message.rkt);
  const int64_t next = assignment.Find(kafka_topic, message.partition)->next_offset;
  int64_t low = RD_KAFKA_OFFSET_INVALID;
  int64_t high = RD_KAFKA_OFFSET_INVALID;
  rd_kafka_get_watermark_offsets(client, kafka_topic, message.partition, &low, &high);
  const int64_t end = std::min(low, message.offset);
  if (CountDeleted(kafka_topic, message.partition, next, end) == 0) return;
  spdlog::error(
      "{}[{}] offsets {} to {} were deleted before they were read: retention.ms and "
      "retention.bytes of the Kafka topic must outlast the longest stop",
      kafka_topic, message.partition, next, end - 1);
}

void ConsumerGauges::Refresh(rd_kafka_t* client, const Assignment& assignment) {
  const Clock::time_point now = Clock::now();
  if (now - refreshed_ < kRefreshInterval) return;
  refreshed_ = now;
  const broker::Queue queue(rd_kafka_queue_get_consumer(client));
  if (queue != nullptr) {
    counters_->fetch_queue_records.Set(static_cast<int64_t>(rd_kafka_queue_length(queue.get())));
  }
  for (const Assignment::Partition& ours : assignment.partitions()) {
    int64_t low = RD_KAFKA_OFFSET_INVALID;
    int64_t high = RD_KAFKA_OFFSET_INVALID;
    const rd_kafka_resp_err_t code = rd_kafka_get_watermark_offsets(
        client, ours.kafka_topic.c_str(), ours.partition, &low, &high);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0) {
      counters_->lags.NoteHigh(ours.kafka_topic, ours.partition, high);
    }
  }
}

void ConsumerGauges::Closed() {
  counters_->lags.Clear();
  counters_->is_member.Set(0);
}

}  // namespace tocsin
