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

bool Assignment::AwaitsStart(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Partition* const ours = FindMutable(kafka_topic, partition);
  if (ours == nullptr) return false;
  if (ours->first_offset == kUnknown) ours->first_offset = offset;
  return !ours->has_start && !suspended_;
}

bool Assignment::Take(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Partition* const ours = FindMutable(kafka_topic, partition);
  if (ours == nullptr || offset < ours->next_offset || suspended_) return false;
  ours->next_offset = offset + 1;
  return true;
}

bool Assignment::TakeEnd(std::string_view kafka_topic, int32_t partition) {
  return FindMutable(kafka_topic, partition) != nullptr && !suspended_;
}

void Assignment::Seek(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Partition* const ours = FindMutable(kafka_topic, partition);
  if (ours == nullptr) return;
  ours->next_offset = offset;
  ours->has_start = true;
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
