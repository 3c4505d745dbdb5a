// A dead letter on its way: whole if it can be, else as a pointer.
//
//   return RouteDeadLetter(record, {.stage = "decode", .reason = "empty", ...}, sink, counters);
//
// Errors    as of Sink; FailedPrecondition: even a pointer is too large.
#ifndef TOCSIN_PIPELINE_PUBLISH_ROUTE_DEAD_LETTER_H_
#define TOCSIN_PIPELINE_PUBLISH_ROUTE_DEAD_LETTER_H_

#include <absl/status/status.h>

#include "pipeline/counters.h"
#include "pipeline/publish/dead_letter.h"
#include "pipeline/publish/sink.h"
#include "pipeline/record.h"

namespace tocsin {

absl::Status RouteDeadLetter(const Record& record, DeadLetter why, Sink* sink, Counters* counters);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_ROUTE_DEAD_LETTER_H_
