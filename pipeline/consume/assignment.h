// Which partitions are ours, and which record of each is next: what decides whether a record that
// librdkafka delivers is taken.
//
//   assignment.Add("news.raw", 3);
//   switch (assignment.Judge("news.raw", 3, message->offset)) ...
//   assignment.Take("news.raw", 3, message->offset);
//   assignment.Seek("news.raw", 3, committed);   // where it starts, and after going back
//
// Shape     librdkafka may still deliver what it fetched before it lost a partition:
//           confluent-kafka-python#1013. What lies before the next it delivers only if it has set
//           the position back by itself, since the Kafka topic was truncated or made again: from
//           then on its partitions are adrift, each until it is sought.
// Cost      the partition asked for last is looked at first: records come in runs of one partition.
// Threads   one.
#ifndef TOCSIN_PIPELINE_CONSUME_ASSIGNMENT_H_
#define TOCSIN_PIPELINE_CONSUME_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

enum class Arrival : uint8_t {
  kNext,
  kGap,     // ours, and something before it was passed over, if only a transaction's marker
  kStart,   // ours, of a partition that has not been sought yet
  kAdrift,  // ours, but not where we are
  kRefused  // not ours, or between Suspend and Resume
};

class Assignment {
 public:
  static constexpr int64_t kUnknown = -1;

  struct Partition {
    std::string kafka_topic;
    int32_t partition;
    int64_t first_offset = kUnknown;  // of what was delivered first since it became ours
    int64_t next_offset = 0;          // no record before it is wanted
    bool has_start = false;
    bool is_adrift = false;
  };

  void Add(std::string_view kafka_topic, int32_t partition);
  void Remove(std::string_view kafka_topic, int32_t partition);

  // What a record is that was delivered, or the end of a partition; it is noted if it is the first.
  Arrival Judge(std::string_view kafka_topic, int32_t partition, int64_t offset);

  void Take(std::string_view kafka_topic, int32_t partition, int64_t offset);

  // It was gone: what comes of it next may be of another that has its name. Whether that is new of
  // any of its partitions.
  bool SetAdrift(std::string_view kafka_topic);

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
