// The benchmarks of single stages, and of the way from a record's bytes to what is published.
//
//   RegisterFloors(workload);    parse, copy: the least that decoding and reading the text can take
//   RegisterStages(workload);    decode, fold, tokens, triggers, scan, encode
//   RegisterHtml(workload);      the bodies as HTML, rendered as text
//   RegisterHotPath(workload);   decode, match, encode in one, as a worker does it
//   RegisterStories(workload);   fingerprint, search of the story, and its index
//   HotPathLatency(workload);    "hot path, us of wall time an article, all: p50 7.4, p99 92.1, ..."
//
// Units     bytes: parse, decode and hot path of JSON; html of HTML; copy, fold, tokens, triggers, scan
//           and stories of text; encode of what it writes.
// Lifetime  the workload outlives the benchmarks.
#ifndef TOCSIN_BENCH_STAGES_H_
#define TOCSIN_BENCH_STAGES_H_

#include <absl/status/statusor.h>

#include <string>

#include "bench/workload.h"

namespace tocsin::bench {

void RegisterFloors(const Workload& workload);
void RegisterStages(const Workload& workload);
void RegisterHtml(const Workload& workload);
void RegisterHotPath(const Workload& workload);
void RegisterStories(const Workload& workload);

// What one article takes from its bytes to its records: percentiles, in words.
absl::StatusOr<std::string> HotPathLatency(const Workload& workload);

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_STAGES_H_
