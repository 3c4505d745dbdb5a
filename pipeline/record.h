// The bytes that flow through the pipeline: what was consumed, what is to be published.
//
//   for (const Record& record : batch.records()) if (record.value) Decode(*record.value, ...);
//
// Shape     a null key, value or header value differs from an empty one; headers keep order and
//           duplicates, as in Kafka.
// Units     timestamp_ms: milliseconds since the epoch; -1 when the record has none.
// Cost      LateHeaders are read when they are first asked for: librdkafka allocates for each record
//           that is asked for its headers, even if it has none, and of most articles nobody asks.
// Threads   the one that polls.
// Lifetime  a Record views bytes that its batch owns, until the next Poll. An OutputRecord owns
//           its own.
#ifndef TOCSIN_PIPELINE_RECORD_H_
#define TOCSIN_PIPELINE_RECORD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin {

struct Header {
  std::string_view name;
  std::optional<std::string_view> value;
};

class LateHeaders {
 public:
  using Read = void (*)(void* message, std::vector<Header>* headers);

  void Reset(void* message, Read read) {
    message_ = message;
    read_ = read;
    headers_.clear();
  }

  std::span<const Header> Get() {
    if (const Read read = std::exchange(read_, nullptr)) read(message_, &headers_);
    return headers_;
  }

 private:
  void* message_ = nullptr;
  Read read_ = nullptr;  // until it is done
  std::vector<Header> headers_;
};

class Headers {
 public:
  Headers() = default;
  explicit Headers(std::span<const Header> all) : all_(all) {}
  explicit Headers(LateHeaders* late) : late_(late) {}

  std::span<const Header> all() const { return late_ == nullptr ? all_ : late_->Get(); }

 private:
  std::span<const Header> all_;
  LateHeaders* late_ = nullptr;
};

struct Record {
  std::string_view kafka_topic;
  int32_t partition = 0;
  int64_t offset = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  Headers headers;
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
