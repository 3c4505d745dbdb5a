// Where in an article something is looked for: ranges of tokens, ascending and apart.
//
//   Windows windows;
//   AddReach(occurrence, {.reach = reach, .behind = true}, &gaps, &windows);
//   Widen(windows, tokens_max, gap_max, &gaps, &wider);
//
// Shape     what is found in a window may begin before it or end behind it; what is looked for and
//           touches a window is found there, all of it.
// Errors    those that Gaps keeps.
#ifndef TOCSIN_RULES_MATCH_WINDOWS_H_
#define TOCSIN_RULES_MATCH_WINDOWS_H_

#include <cstdint>
#include <vector>

#include "rules/match/occurrence.h"
#include "rules/query/ast.h"
#include "rules/text/gaps.h"

namespace tocsin::rules {

using Windows = std::vector<TokenRange>;

struct Beside {
  Reach reach;
  bool before = true;
  bool behind = true;
};

// Every token that an operand within reach of the occurrence may touch. Occurrences come ascending.
void AddReach(const Occurrence& occurrence, const Beside& beside, Gaps* gaps, Windows* windows);

// Every token of whatever touches a window and has at most tokens_max tokens (UINT32_MAX: and lies
// between two gaps wider than gap_max).
void Widen(const Windows& windows, uint32_t tokens_max, Gap gap_max, Gaps* gaps, Windows* wider);

bool Touches(const Occurrence& occurrence, const Windows& windows);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_WINDOWS_H_
