// Whether the installed Hyperscan (or Vectorscan) finds what it must: some releases silently miss
// matches.
//
//   RETURN_IF_ERROR(CheckHyperscan());
//
// Shape     patterns of the kinds known to have failed, compiled as rules are, over texts that put
//           the match at every place of a vector.
// Cost      about 20 ms, once a process; later calls return the first answer.
// Errors    FailedPrecondition: the library and its version, the case that failed, and what to
//           install.
// Threads   any.
// Cites     Vectorscan 5.4.12: github.com/VectorCamp/vectorscan issues 358 and 382; of the texts of
//           these two cases its builds of 2025-12 to 2026-10 miss 15 and 114 of 131. UTF-8 on
//           processors other than x86: issue 135. No case is known that issue 317 (5.4.11) makes
//           miss with the flags of rules. Intel Hyperscan: \b in UCP mode (DESIGN §4.4).
#ifndef TOCSIN_RULES_COMPILE_SELF_TEST_H_
#define TOCSIN_RULES_COMPILE_SELF_TEST_H_

#include <absl/status/status.h>

namespace tocsin::rules {

absl::Status CheckHyperscan();

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_SELF_TEST_H_
