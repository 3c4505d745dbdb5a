// What a run that ends by itself takes of each partition, and which partitions it has done.
//
//   Window window(extents, from_ms, to_ms);
//   if (window.Reach("news.raw", 3, message->offset)) ... its end is reached, for the first time ...
//   if (window.Takes("news.raw", 3, message->offset, timestamp_ms)) ... process it ...
//   if (window.IsDone("news.raw", 3)) ...
//
// Shape     a partition is done when a record at or beyond its end comes, or when it ends there:
//           its last offsets may be transaction markers, which no consumer is shown. A partition
//           without an extent is done from the start, and nothing of it is taken.
// Units     from_ms, to_ms: of the records' timestamps, to_ms exclusive. Timestamps need not
//           ascend, so all offsets up to the end are looked at.
// Threads   one.
#ifndef TOCSIN_PIPELINE_CONSUME_WINDOW_H_
#define TOCSIN_PIPELINE_CONSUME_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin {

struct Extent {
  std::string kafka_topic;
  int32_t partition = 0;
  int64_t begin = 0;
  int64_t end = 0;  // exclusive
};

class Window {
 public:
  explicit Window(std::vector<Extent> extents,
                  int64_t from_ms = std::numeric_limits<int64_t>::min(),
                  int64_t to_ms = std::numeric_limits<int64_t>::max());

  bool Takes(std::string_view kafka_topic, int32_t partition, int64_t offset,
             int64_t timestamp_ms) const;

  // Everything before the offset has been delivered. Whether that makes the partition done.
  bool Reach(std::string_view kafka_topic, int32_t partition, int64_t offset);

  // The partition has been assigned, or set back: it has its end before it again.
  void Restart(std::string_view kafka_topic, int32_t partition);

  bool IsDone(std::string_view kafka_topic, int32_t partition) const;
  const std::vector<Extent>& extents() const { return extents_; }

 private:
  size_t Find(std::string_view kafka_topic, int32_t partition) const;

  std::vector<Extent> extents_;
  std::vector<bool> done_;  // of each
  int64_t from_ms_;
  int64_t to_ms_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_WINDOW_H_
