// One benchmark of a stage: pinned, its answer verified before it is timed and at every pass.
//
//   Register("fold", workload, {.bytes = workload.text_bytes, .answer = workload.answer.fold},
//            [&workload] { return MakeFoldPass(workload); });
//
// Shape     one iteration is one pass over the whole workload. make_pass is called once a thread,
//           off the clock; the pass it returns does the stage over every article and adds up a Tally.
//           Registered for one thread, and for two where the process has two processors.
// Units     rates are of the CPU time of the measuring threads: per core, whatever else ran. Wall
//           time stands beside it in the results.
// Errors    a failing or wrong pass ends the benchmark with its reason, and the process with 1.
#ifndef TOCSIN_BENCH_MEASURE_H_
#define TOCSIN_BENCH_MEASURE_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <functional>
#include <string>

#include "bench/workload.h"

namespace tocsin::bench {

using Pass = std::function<absl::StatusOr<Tally>()>;
using MakePass = std::function<absl::StatusOr<Pass>()>;

struct Stage {
  size_t bytes = 0;  // that one pass reads
  Tally answer;
};

void Register(const std::string& stage_name, const Workload& workload, const Stage& stage,
              MakePass make_pass);

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_MEASURE_H_
