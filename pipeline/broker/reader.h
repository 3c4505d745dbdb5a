// A Kafka topic from its beginning to its present end, as any consumer without a group sees it.
//
//   ASSIGN_OR_RETURN(std::vector<StoredRecord> records, ReadToEnd(settings, "news.ceasefire"));
//
// Shape     ascending by (partition, offset).
// Units     timeout: for all of it.
// Cost      everything in memory: for the demo and for tests.
// Errors    Unavailable: the broker did not answer in time: never fewer records than there are.
#ifndef TOCSIN_PIPELINE_BROKER_READER_H_
#define TOCSIN_PIPELINE_BROKER_READER_H_

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/broker/settings.h"
#include "pipeline/record.h"

namespace tocsin::broker {

struct StoredRecord {
  int32_t partition;
  int64_t offset;
  OutputRecord record;
};

absl::StatusOr<std::vector<StoredRecord>> ReadToEnd(
    const ClientSettings& settings, const std::string& kafka_topic,
    std::chrono::milliseconds timeout = std::chrono::seconds(30));

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_READER_H_
