// The bytes that flow through the pipeline: what was consumed, what is to be published.
//
//   for (const Record& record : batch.records()) if (record.value) Decode(*record.value, ...);
//
// Shape     a null key, value or header value differs from an empty one; headers keep order and
//           duplicates, as in Kafka.
// Units     timestamp_ms: milliseconds since the epoch; -1 when the record has none.
// Lifetime  a Record views bytes that its batch owns, until the next Poll. An OutputRecord owns its
// own.
#ifndef TOCSIN_PIPELINE_RECORD_H_
#define TOCSIN_PIPELINE_RECORD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

struct Header {
  std::string_view name;
  std::optional<std::string_view> value;
};

struct Record {
  std::string_view kafka_topic;
  int32_t partition = 0;
  int64_t offset = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::span<const Header> headers;
  int64_t timestamp_ms = -1;
};

struct OutputHeader {
  std::string name;
  std::optional<std::string> value;
  friend bool operator==(const OutputHeader&, const OutputHeader&) = default;
};

struct OutputRecord {
  std::string kafka_topic;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<OutputHeader> headers;
  int64_t timestamp_ms = -1;
  int32_t partition = -1;  // -1: by the key
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_RECORD_H_
