// What becomes of a record: the part of the loop that differs with its purpose.
//
//   RETURN_IF_ERROR(handler->Handle(record, refusals.RemedyFor(record), ...));
//   ... its offset, and in time a commit ...
//   handler->Committed();
//
// Shape     Handle publishes, or not; the loop sees to offsets, commits and repetition. A record
//           may be handled more than once, but between two of these its loop has called Forgotten.
// Errors    those of the sink go back to the loop; any that is neither Aborted nor a refusal ends
//           it.
// Threads   one.
#ifndef TOCSIN_PIPELINE_HANDLER_H_
#define TOCSIN_PIPELINE_HANDLER_H_

#include <absl/status/status.h>

#include <string_view>

#include "pipeline/record.h"
#include "pipeline/refusals.h"

namespace tocsin {

class Handler {
 public:
  virtual ~Handler() = default;

  virtual absl::Status Handle(const Record& record, Remedy remedy,
                              std::string_view why_refused) = 0;

  // Of a record whose Handle has failed: whether some of it may have been published.
  virtual bool IsHalfDone() const { return true; }

  // Nothing is under way: what must not change within a transaction may change now.
  virtual void BetweenCommits() {}

  // All that was handled since the last of these two is done for good, or as if it had never been.
  virtual void Committed() {}
  virtual void Forgotten() {}
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_HANDLER_H_
