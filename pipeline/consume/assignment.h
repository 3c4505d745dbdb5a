// Which partitions are ours, and which record of each is next: what decides whether a record that
// librdkafka delivers is taken.
//
//   assignment.Add("news.raw", 3);
//   if (assignment.AwaitsStart("news.raw", 3, message->offset)) {
//     assignment.Seek("news.raw", 3, committed);
//   }
//   if (assignment.Take("news.raw", 3, message->offset)) ... process it ...
//   assignment.Seek("news.raw", 3, committed);   // after going back
//
// Shape     Take refuses records of partitions that are not ours (librdkafka may still deliver what
//           it fetched before it lost one: confluent-kafka-python#1013), those before the next,
//           and, between Suspend and Resume, all. A partition awaits its start until it is sought.
// Cost      Take looks at the partition taken last first: records come in runs of one partition.
// Threads   one.
#ifndef TOCSIN_PIPELINE_CONSUME_ASSIGNMENT_H_
#define TOCSIN_PIPELINE_CONSUME_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

class Assignment {
 public:
  static constexpr int64_t kUnknown = -1;

  struct Partition {
    std::string kafka_topic;
    int32_t partition;
    int64_t first_offset = kUnknown;  // of what was delivered first since it became ours
    int64_t next_offset = 0;          // no record before it is wanted
    bool has_start = false;
  };

  void Add(std::string_view kafka_topic, int32_t partition);
  void Remove(std::string_view kafka_topic, int32_t partition);

  // Something was delivered; its offset is noted if it is the first. Whether it is of one of ours
  // that has no start yet, and not being set back.
  bool AwaitsStart(std::string_view kafka_topic, int32_t partition, int64_t offset);

  bool Take(std::string_view kafka_topic, int32_t partition, int64_t offset);

  // The partition ends here, for now. Whether that is one of ours, and not being set back.
  bool TakeEnd(std::string_view kafka_topic, int32_t partition);

  // From Suspend until Resume nothing is taken: the position is being set back.
  void Suspend() { suspended_ = true; }
  void Seek(std::string_view kafka_topic, int32_t partition, int64_t offset);
  void Resume() { suspended_ = false; }
  bool suspended() const { return suspended_; }

  const Partition* Find(std::string_view kafka_topic, int32_t partition) const;
  const std::vector<Partition>& partitions() const { return partitions_; }

 private:
  Partition* FindMutable(std::string_view kafka_topic, int32_t partition);

  std::vector<Partition> partitions_;
  size_t last_ = 0;
  bool suspended_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_ASSIGNMENT_H_
