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
#include <memory>
#include <string>
#include <utility>
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

// Single records, by where they are.
//
//   ASSIGN_OR_RETURN(auto reader, RecordReader::Connect(settings));
//   ASSIGN_OR_RETURN(const OutputRecord record, reader->Read("news.raw", 3, 815));
//
// Errors    Read: NotFound: deleted, never committed, or there is no such partition. Unavailable:
//           the broker did not answer in time.
// Threads   one.
class RecordReader {
 public:
  static absl::StatusOr<std::unique_ptr<RecordReader>> Connect(const ClientSettings& settings);

  absl::StatusOr<OutputRecord> Read(const std::string& kafka_topic, int32_t partition,
                                    int64_t offset);

 private:
  explicit RecordReader(Client client) : client_(std::move(client)) {}

  absl::StatusOr<OutputRecord> ReadAssigned(const std::string& where, int64_t offset);

  Client client_;
};

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_READER_H_
