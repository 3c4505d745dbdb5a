// NEAR and NOT NEAR over the occurrences of their operands (DESIGN §5).
//
//   FindNear(left, right, reach, &gaps, &near);
//
// Shape     left, right: ascending by (first, last). An occurrence of NEAR is a minimal covering
//           span, one of NOT NEAR a clean occurrence of the left operand. Overlapping operands never
//           qualify.
// Units     distance = start(right) - end(left) in tokens, whichever stands first; adjacent is 1.
// Cost      linear in the occurrences and in those within reach.
// Errors    those that Gaps keeps.
#ifndef TOCSIN_RULES_MATCH_PROXIMITY_H_
#define TOCSIN_RULES_MATCH_PROXIMITY_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "rules/match/occurrence.h"
#include "rules/query/ast.h"
#include "rules/text/gaps.h"

namespace tocsin::rules {

void FindNear(const Occurrences& left, const Occurrences& right, const Reach& reach, Gaps* gaps,
              Occurrences* near);

// What FindNotNear keeps from call to call, so that it need not be made anew.
using ReachedScratch = std::vector<std::pair<uint32_t, uint32_t>>;

void FindNotNear(const Occurrences& left, const Occurrences& right, const Reach& reach, Gaps* gaps,
                 ReachedScratch* scratch, Occurrences* clean);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_PROXIMITY_H_
