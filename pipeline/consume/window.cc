#include "pipeline/consume/window.h"

#include <algorithm>

namespace tocsin {

Window::Window(std::vector<Extent> extents, int64_t from_ms, int64_t to_ms)
    : extents_(std::move(extents)), done_(extents_.size()), from_ms_(from_ms), to_ms_(to_ms) {}

bool Window::Takes(std::string_view kafka_topic, int32_t partition, int64_t offset,
                   int64_t timestamp_ms) const {
  const size_t at = Find(kafka_topic, partition);
  return at < extents_.size() && offset < extents_[at].end && timestamp_ms >= from_ms_ &&
         timestamp_ms < to_ms_;
}

bool Window::Reach(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  const size_t at = Find(kafka_topic, partition);
  if (at == extents_.size() || offset < extents_[at].end || done_[at]) return false;
  done_[at] = true;
  return true;
}

void Window::Restart(std::string_view kafka_topic, int32_t partition) {
  const size_t at = Find(kafka_topic, partition);
  if (at < extents_.size()) done_[at] = false;
}

bool Window::IsDone(std::string_view kafka_topic, int32_t partition) const {
  const size_t at = Find(kafka_topic, partition);
  return at == extents_.size() || done_[at];
}

size_t Window::Find(std::string_view kafka_topic, int32_t partition) const {
  const auto found = std::find_if(extents_.begin(), extents_.end(), [&](const Extent& each) {
    return each.partition == partition && each.kafka_topic == kafka_topic;
  });
  return static_cast<size_t>(found - extents_.begin());
}

}  // namespace tocsin
