#include "pipeline/consume/lags.h"

#include <algorithm>

namespace tocsin {

void Lags::Add(std::string_view kafka_topic, int32_t partition) {
  const std::lock_guard lock(mutex_);
  places_.insert_or_assign({std::string(kafka_topic), partition}, Place());
}

void Lags::Remove(std::string_view kafka_topic, int32_t partition) {
  const std::lock_guard lock(mutex_);
  places_.erase({std::string(kafka_topic), partition});
}

void Lags::Clear() {
  const std::lock_guard lock(mutex_);
  places_.clear();
}

void Lags::NoteCommitted(const Offsets& next) {
  const std::lock_guard lock(mutex_);
  for (const PartitionOffset& each : next.entries()) {
    Place* const place = Find(each.kafka_topic, each.partition);
    if (place != nullptr) place->committed = each.offset;
  }
}

void Lags::NoteEnd(std::string_view kafka_topic, int32_t partition, int64_t taken, int64_t end) {
  const std::lock_guard lock(mutex_);
  Place* const place = Find(kafka_topic, partition);
  if (place == nullptr) return;
  place->taken = taken;
  place->end = end;
}

void Lags::NoteHigh(std::string_view kafka_topic, int32_t partition, int64_t high) {
  const std::lock_guard lock(mutex_);
  Place* const place = Find(kafka_topic, partition);
  if (place != nullptr) place->high = high;
}

std::vector<Lag> Lags::Snapshot() const {
  const std::lock_guard lock(mutex_);
  std::vector<Lag> lags;
  for (const auto& [key, place] : places_) {
    const int64_t position = place.Position();
    if (position == kUnknown || place.high == kUnknown) continue;
    lags.push_back({.kafka_topic = key.first,
                    .partition = key.second,
                    .records = std::max(place.high - position, int64_t{0})});
  }
  return lags;
}

int64_t Lags::Place::Position() const {
  if (end != kUnknown && (taken == 0 || committed >= taken)) return std::max(committed, end);
  return committed;
}

Lags::Place* Lags::Find(std::string_view kafka_topic, int32_t partition) {
  const auto found = places_.find({std::string(kafka_topic), partition});
  return found == places_.end() ? nullptr : &found->second;
}

}  // namespace tocsin
