// The benchmarks of single stages, and of the way from a record's bytes to what is published.
//
//   RegisterStages(workload);    decode, fold, triggers, scan, encode
//   RegisterHotPath(workload);   decode, match, encode in one, as a worker does it
//
// Units     bytes: decode and hot path of JSON; fold and scan of text; triggers of folded text;
// encode
//           of what it writes.
// Lifetime  the workload outlives the benchmarks.
#ifndef TOCSIN_BENCH_STAGES_H_
#define TOCSIN_BENCH_STAGES_H_

#include "bench/workload.h"

namespace tocsin::bench {

void RegisterStages(const Workload& workload);
void RegisterHotPath(const Workload& workload);

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_STAGES_H_
