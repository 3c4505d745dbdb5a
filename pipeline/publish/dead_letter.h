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
//           `__connect.errors.tocsin.value.sha256` (none for a null value): the record itself is
//           still where topic, partition and offset say.
// Errors    none.
#ifndef TOCSIN_PIPELINE_PUBLISH_DEAD_LETTER_H_
#define TOCSIN_PIPELINE_PUBLISH_DEAD_LETTER_H_

#include <string>
#include <string_view>

#include "pipeline/record.h"

namespace tocsin {

struct DeadLetter {
  std::string_view stage;  // decode, match or publish
  std::string reason;      // "malformed_json"
  std::string message;     // names the field or offset; never article text
  int task_id = 0;         // of the worker
  bool is_pointer = false;
};

OutputRecord EncodeDeadLetter(const Record& record, const DeadLetter& why,
                              std::string_view kafka_topic);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_DEAD_LETTER_H_
