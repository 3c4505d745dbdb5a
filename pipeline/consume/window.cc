#include "pipeline/consume/window.h"

namespace tocsin {

Window::Window(const std::vector<Extent>& extents, int64_t from_ms, int64_t to_ms)
    : from_ms_(from_ms), to_ms_(to_ms) {
  for (const Extent& extent : extents) partitions_.push_back({.extent = extent});
}

bool Window::Takes(std::string_view kafka_topic, int32_t partition, int64_t offset,
                   int64_t timestamp_ms) {
  Progress* const progress = Find(kafka_topic, partition);
  if (progress == nullptr) return false;
  if (offset >= progress->extent.end) {
    progress->is_done = true;
    return false;
  }
  return timestamp_ms >= from_ms_ && timestamp_ms < to_ms_;
}

void Window::NoteEnd(std::string_view kafka_topic, int32_t partition, int64_t offset) {
  Progress* const progress = Find(kafka_topic, partition);
  if (progress != nullptr && offset >= progress->extent.end) progress->is_done = true;
}

void Window::Restart(std::string_view kafka_topic, int32_t partition) {
  Progress* const progress = Find(kafka_topic, partition);
  if (progress != nullptr) progress->is_done = false;
}

bool Window::IsDone(std::string_view kafka_topic, int32_t partition) const {
  const Progress* const progress = const_cast<Window*>(this)->Find(kafka_topic, partition);
  return progress == nullptr || progress->is_done;
}

Window::Progress* Window::Find(std::string_view kafka_topic, int32_t partition) {
  for (Progress& each : partitions_) {
    if (each.extent.partition == partition && each.extent.kafka_topic == kafka_topic) return &each;
  }
  return nullptr;
}

}  // namespace tocsin
