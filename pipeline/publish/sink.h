// Where records go, and the seam for delivery guarantees.
//
//   RETURN_IF_ERROR(sink->Prepare());
//   RETURN_IF_ERROR(sink->Publish(output));
//   absl::Status status = sink->Commit(*source, next);
//
// Shape     everything published between two commits belongs together. Commit makes it durable,
//           then the offsets: one step for a transactional sink, two for an at-least-once one,
//           never the other way. `origin` is the record that a dead letter is made of.
// Errors    Aborted: what was published since the last commit may be lost; the caller calls Abort
//           until that succeeds, rewinds its source and goes on. A refusal (RefusalOf) is the same,
//           and one of the records published since the last commit is to blame, which no repetition
//           will mend. OutOfRange from Publish or PublishDeadLetter: this record is too large for
//           our producer; it was not taken, the others were. Any other error ends the worker:
//           Unavailable when another producer has taken our place.
// Threads   a sink belongs to one thread.
#ifndef TOCSIN_PIPELINE_PUBLISH_SINK_H_
#define TOCSIN_PIPELINE_PUBLISH_SINK_H_

#include <absl/status/status.h>

#include <cstdint>

#include "pipeline/consume/offsets.h"
#include "pipeline/consume/source.h"
#include "pipeline/publish/dead_letter.h"
#include "pipeline/record.h"

namespace tocsin {

enum class Refusal : uint8_t {
  kNone,
  kTooLarge,
  kInvalid,  // timestamp too far ahead, no key in a compacted Kafka topic, ...
};

inline Refusal RefusalOf(const absl::Status& status) {
  if (absl::IsResourceExhausted(status)) return Refusal::kTooLarge;
  return absl::IsInvalidArgument(status) ? Refusal::kInvalid : Refusal::kNone;
}

class Sink {
 public:
  virtual ~Sink() = default;

  // Before anything is published, and before anything is consumed: what an earlier process with
  // our name has left open is ended here. Aborted: not yet, call again.
  virtual absl::Status Prepare() = 0;

  virtual absl::Status Publish(const OutputRecord& output) = 0;
  virtual absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) = 0;

  virtual absl::Status Commit(Source& source, const Offsets& next) = 0;

  // Gives up what was published since the last commit. Aborted: not yet, call again.
  virtual absl::Status Abort() = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_SINK_H_
