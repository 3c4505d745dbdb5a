// Where each partition is to be resumed: one past the last record done.
//
//   Offsets next;
//   next.Set(record.kafka_topic, record.partition, record.offset + 1);
//
// Shape     one entry a partition, in order of first use.
// Cost      Set looks at the entry last set first: records come in runs of one partition.
#ifndef TOCSIN_PIPELINE_CONSUME_OFFSETS_H_
#define TOCSIN_PIPELINE_CONSUME_OFFSETS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

struct PartitionOffset {
  std::string kafka_topic;
  int32_t partition;
  int64_t offset;
  friend bool operator==(const PartitionOffset&, const PartitionOffset&) = default;
};

class Offsets {
 public:
  void Set(std::string_view kafka_topic, int32_t partition, int64_t offset) {
    if (last_ < entries_.size() && Is(entries_[last_], kafka_topic, partition)) {
      entries_[last_].offset = offset;
      return;
    }
    for (last_ = 0; last_ < entries_.size(); ++last_) {
      if (Is(entries_[last_], kafka_topic, partition)) {
        entries_[last_].offset = offset;
        return;
      }
    }
    entries_.push_back(
        {.kafka_topic = std::string(kafka_topic), .partition = partition, .offset = offset});
  }

  void Clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }
  const std::vector<PartitionOffset>& entries() const { return entries_; }

 private:
  static bool Is(const PartitionOffset& entry, std::string_view kafka_topic, int32_t partition) {
    return entry.partition == partition && entry.kafka_topic == kafka_topic;
  }

  std::vector<PartitionOffset> entries_;
  size_t last_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_OFFSETS_H_
