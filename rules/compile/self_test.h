// Whether the installed Hyperscan (or Vectorscan) finds what it must: some releases silently miss
// matches.
//
//   RETURN_IF_ERROR(CheckHyperscan());
//
// Shape     patterns of the kinds known to have failed, over texts that put the match at every
// place of a vector. Cost      about 10 ms, once a process; later calls return the first answer.
// Errors    FailedPrecondition: the library and its version, the case that failed, and what to
// install. Threads   any. Cites     Vectorscan 5.4.12: github.com/VectorCamp/vectorscan issues 358,
// 382; 5.4.11: issue 317; UTF-8 on
//           non-x86: issue 135. Intel Hyperscan: \b in UCP mode (DESIGN §4.4).
#ifndef TOCSIN_RULES_COMPILE_SELF_TEST_H_
#define TOCSIN_RULES_COMPILE_SELF_TEST_H_

#include <absl/status/status.h>

namespace tocsin::rules {

absl::Status CheckHyperscan();

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_SELF_TEST_H_
