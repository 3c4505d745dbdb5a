// A record that could not be processed, as the record to publish to the dead-letter Kafka topic.
//
//   const DeadLetter why{.stage = "decode", .reason = "malformed_json", .message = ...};
//   sink->Publish(EncodeDeadLetter(record, why, "news.dead"));
//
// Shape     key, value (null stays null), headers and timestamp are the record's own, untouched;
//           then the `__connect.errors.*` headers, named and written as Kafka Connect's: numbers
//           as decimal text. A record replayed and dead again carries two sets: the last counts.
//           A pointer, for a record that no broker would take, has no key, value or headers of the
//           record, the present time, and the value's SHA-256 in
//           `__connect.errors.tocsin.value.sha256` (null for a null value): the record itself is
//           still where topic, partition and offset say.
// Errors    OriginOf: InvalidArgument: not a dead letter.
#ifndef TOCSIN_PIPELINE_PUBLISH_DEAD_LETTER_H_
#define TOCSIN_PIPELINE_PUBLISH_DEAD_LETTER_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/record.h"

namespace tocsin {

struct DeadLetter {
  std::string_view stage;  // decode, match, publish or notify
  std::string reason;      // "malformed_json"
  std::string message;     // names the field or offset; never article text
  int task_id = 0;         // of the worker
  bool is_pointer = false;
};

OutputRecord EncodeDeadLetter(const Record& record, const DeadLetter& why,
                              std::string_view kafka_topic);

// One line, found in the journal by the record's coordinates.
void LogDeadLetter(const Record& record, const DeadLetter& why);

// What a dead letter says of the record that it is made of.
struct Origin {
  std::string kafka_topic;
  int32_t partition = 0;
  int64_t offset = 0;
  std::string reason;
  bool is_pointer = false;
  std::string value_sha256;  // of a pointer; empty: there was no value
};

absl::StatusOr<Origin> OriginOf(const Record& letter);

// Whether a header is one of those that make a dead letter.
bool IsDeadLetterHeader(std::string_view name);

// In hexadecimal; empty where there is no value.
std::string Sha256Of(const std::optional<std::string>& value);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_DEAD_LETTER_H_
