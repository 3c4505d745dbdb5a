#include "pipeline/consume/assignment.h"

namespace tocsin {
namespace {

bool Is(const Assignment::Partition& each, std::string_view kafka_topic, int32_t partition) {
  return each.partition == partition && each.kafka_topic == kafka_topic;
}

}  // namespace

void Assignment::Add(std::string_view kafka_topic, int32_t partition) {
  Remove(kafka_topic, partition);
  partitions_.push_back({.kafka_topic = std::string(kafka_topic), .partition = partition});
}

void Assignment::Remove(std::string_view kafka_topic, int32_t partition) {
  std::erase_if(partitions_,
                [&](const Partition& each) { return Is(each, kafka_topic, partition); });
}

Arrival Assignment::Judge(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Partition* const ours = FindMutable(kafka_topic, partition);
  if (ours == nullptr) return Arrival::kRefused;
  if (ours->first_offset == kUnknown) ours->first_offset = offset;
  if (suspended_) return Arrival::kRefused;
  if (!ours->has_start) return Arrival::kStart;
  if (offset < ours->next_offset) SetAdrift(kafka_topic);
  if (ours->is_adrift) return Arrival::kAdrift;
  return offset == ours->next_offset ? Arrival::kNext : Arrival::kGap;
}

void Assignment::Take(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Partition* const ours = FindMutable(kafka_topic, partition);
  if (ours != nullptr) ours->next_offset = offset + 1;
}

bool Assignment::SetAdrift(std::string_view kafka_topic) {
  bool is_new = false;
  for (Partition& each : partitions_) {
    if (each.kafka_topic != kafka_topic || !each.has_start || each.is_adrift) continue;
    each.is_adrift = true;
    is_new = true;
  }
  return is_new;
}

void Assignment::Seek(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Partition* const ours = FindMutable(kafka_topic, partition);
  if (ours == nullptr) return;
  if (ours->is_adrift) ours->first_offset = offset;
  ours->next_offset = offset;
  ours->has_start = true;
  ours->is_adrift = false;
}

const Assignment::Partition* Assignment::Find(std::string_view kafka_topic,
                                              int32_t partition) const {
  for (const Partition& each : partitions_) {
    if (Is(each, kafka_topic, partition)) return &each;
  }
  return nullptr;
}

Assignment::Partition* Assignment::FindMutable(std::string_view kafka_topic, int32_t partition) {
  if (last_ < partitions_.size() && Is(partitions_[last_], kafka_topic, partition)) {
    return &partitions_[last_];
  }
  for (last_ = 0; last_ < partitions_.size(); ++last_) {
    if (Is(partitions_[last_], kafka_topic, partition)) return &partitions_[last_];
  }
  return nullptr;
}

}  // namespace tocsin
