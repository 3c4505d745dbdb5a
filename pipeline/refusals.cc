#include "pipeline/refusals.h"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin {

absl::Status Refusals::Refused(const Case& refused) {
  if (refused.records > 1) {
    records_max_ = std::min(refused.records, records_max_) / 2;
    records_max_ = std::max(records_max_, size_t{1});
    return absl::OkStatus();
  }
  const Place& place = refused.last;
  const Culprit* const known = Find(place.kafka_topic, place.partition, place.offset);
  if (known != nullptr && known->remedy == Remedy::kPointer) {
    return absl::FailedPreconditionError(
        fmt::format("{}[{}] offset {}: even a pointer to it is refused: {}; let the Kafka topic "
                    "take records of at least 1 kB with the present time",
                    place.kafka_topic, place.partition, place.offset, refused.why));
  }
  const bool may_fit = known == nullptr && refused.refusal == Refusal::kTooLarge;
  std::erase_if(culprits_, [&](const Culprit& each) {
    return each.place.partition == place.partition && each.place.kafka_topic == place.kafka_topic;
  });
  culprits_.push_back({.place = place,
                       .remedy = may_fit ? Remedy::kTruncate : Remedy::kPointer,
                       .why = refused.why});
  return absl::OkStatus();
}

void Refusals::Committed(const Offsets& next) {
  for (const PartitionOffset& each : next.entries()) {
    std::erase_if(culprits_, [&](const Culprit& culprit) {
      return culprit.place.partition == each.partition && culprit.place.offset < each.offset &&
             culprit.place.kafka_topic == each.kafka_topic;
    });
  }
  records_max_ = records_max_ > ceiling_ / 2 ? ceiling_ : records_max_ * 2;
}

Remedy Refusals::RemedyFor(const Record& record) const {
  const Culprit* const culprit = Find(record.kafka_topic, record.partition, record.offset);
  return culprit == nullptr ? Remedy::kNone : culprit->remedy;
}

std::string_view Refusals::WhyRefused(const Record& record) const {
  const Culprit* const culprit = Find(record.kafka_topic, record.partition, record.offset);
  return culprit == nullptr ? std::string_view() : culprit->why;
}

const Refusals::Culprit* Refusals::Find(std::string_view kafka_topic, int32_t partition,
                                        int64_t offset) const {
  for (const Culprit& each : culprits_) {
    if (each.place.offset == offset && each.place.partition == partition &&
        each.place.kafka_topic == kafka_topic) {
      return &each;
    }
  }
  return nullptr;
}

}  // namespace tocsin
