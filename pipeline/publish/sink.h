// Where records go, and the seam for delivery guarantees.
//
//   RETURN_IF_ERROR(sink->Publish(record, output));
//   RETURN_IF_ERROR(sink->PublishDeadLetter(record, why));
//   absl::Status status = sink->Commit(*source, next);
//
// Shape     everything published between two commits belongs together. Commit makes it durable,
//           then the offsets: one step for a transactional sink, two for an at-least-once one,
//           never the other way. `origin` is the record that an output was made from.
// Errors    Aborted: what was published since the last commit may be lost; the caller rewinds its
//           source and goes on. Any other error ends the worker. A record that is refused for its
//           own sake (size, timestamp) is no error: the sink dead-letters it as a pointer.
// Threads   a sink belongs to one thread.
#ifndef TOCSIN_PIPELINE_PUBLISH_SINK_H_
#define TOCSIN_PIPELINE_PUBLISH_SINK_H_

#include <absl/status/status.h>

#include "pipeline/consume/offsets.h"
#include "pipeline/consume/source.h"
#include "pipeline/publish/dead_letter.h"
#include "pipeline/record.h"

namespace tocsin {

class Sink {
 public:
  virtual ~Sink() = default;

  virtual absl::Status Publish(const Record& origin, const OutputRecord& output) = 0;
  virtual absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) = 0;

  virtual absl::Status Commit(Source& source, const Offsets& next) = 0;

  // Gives up what was published since the last commit.
  virtual absl::Status Abort() = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_SINK_H_
