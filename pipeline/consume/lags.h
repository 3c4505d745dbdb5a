// How far the group is behind in each partition that is ours.
//
//   lags.Add("news.raw", 3);
//   lags.NoteCommitted(next);                     // as it begins, and after a commit
//   lags.NoteEnd("news.raw", 3, taken, end);      // the partition was read to its end
//   lags.NoteHigh("news.raw", 3, high);           // from time to time
//   for (const Lag& lag : lags.Snapshot()) ...
//
// Shape     a partition is there while it is ours, and its lag from when both its end and our place
//           in it are known. The last offsets may be transactions' markers, which no record
//           follows: who has committed all that was taken before an end has reached it.
// Units     records, markers and what brokers have compacted away included.
// Cost      a lock, and a search by Kafka topic and partition.
// Threads   one writer, any readers.
#ifndef TOCSIN_PIPELINE_CONSUME_LAGS_H_
#define TOCSIN_PIPELINE_CONSUME_LAGS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/consume/offsets.h"

namespace tocsin {

struct Lag {
  std::string kafka_topic;
  int32_t partition;
  int64_t records;
  friend bool operator==(const Lag&, const Lag&) = default;
};

class Lags {
 public:
  void Add(std::string_view kafka_topic, int32_t partition);
  void Remove(std::string_view kafka_topic, int32_t partition);
  void Clear();

  void NoteCommitted(const Offsets& next);

  // taken: one past the last record that was taken before the end, 0 if there was none.
  void NoteEnd(std::string_view kafka_topic, int32_t partition, int64_t taken, int64_t end);
  void NoteHigh(std::string_view kafka_topic, int32_t partition, int64_t high);

  std::vector<Lag> Snapshot() const;  // ascending by Kafka topic and partition

 private:
  static constexpr int64_t kUnknown = -1;

  struct Place {
    int64_t committed = kUnknown;
    int64_t taken = kUnknown;
    int64_t end = kUnknown;
    int64_t high = kUnknown;
    int64_t Position() const;
  };

  Place* Find(std::string_view kafka_topic, int32_t partition);

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int32_t>, Place> places_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_LAGS_H_
