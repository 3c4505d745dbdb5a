#include "rules/match/windows.h"

#include <algorithm>

#include "rules/base/status_macros.h"

namespace tocsin::rules {
namespace {

uint32_t Less(uint32_t a, uint32_t b) { return a - std::min(a, b); }
uint32_t More(uint32_t a, uint32_t b) { return a > UINT32_MAX - b ? UINT32_MAX : a + b; }

void Add(TokenRange range, Windows* windows) {
  if (range.begin >= range.end) return;
  if (windows->empty() || range.begin > windows->back().end) {
    windows->push_back(range);
    return;
  }
  windows->back().begin = std::min(windows->back().begin, range.begin);
  windows->back().end = std::max(windows->back().end, range.end);
}

}  // namespace

absl::Status AddReach(const Occurrence& occurrence, const Beside& beside, Gaps* gaps,
                      Windows* windows) {
  ASSIGN_OR_RETURN(uint32_t first, gaps->RunBegin(occurrence.first, beside.reach.gap_max));
  ASSIGN_OR_RETURN(uint32_t last, gaps->RunEnd(occurrence.first, beside.reach.gap_max));
  first = std::max(first, Less(occurrence.first, beside.reach.tokens_max));
  last = std::min(last, More(occurrence.last, beside.reach.tokens_max));
  Add({.begin = beside.before ? first : occurrence.first,
       .end = beside.behind ? More(last, 1) : More(occurrence.last, 1)},
      windows);
  return absl::OkStatus();
}

absl::Status Widen(const Windows& windows, uint32_t tokens_max, Gap gap_max, Gaps* gaps,
                   Windows* wider) {
  for (const TokenRange& window : windows) {
    ASSIGN_OR_RETURN(uint32_t first, gaps->RunBegin(window.begin, gap_max));
    ASSIGN_OR_RETURN(uint32_t last, gaps->RunEnd(window.end - 1, gap_max));
    first = std::max(first, Less(window.begin, tokens_max));
    last = std::min(last, More(window.end - 1, tokens_max));
    Add({.begin = first, .end = last + 1}, wider);
  }
  return absl::OkStatus();
}

bool Touches(const Occurrence& occurrence, const Windows& windows) {
  const auto window =
      std::lower_bound(windows.begin(), windows.end(), occurrence.first,
                       [](const TokenRange& range, uint32_t token) { return range.end <= token; });
  return window != windows.end() && window->begin <= occurrence.last;
}

}  // namespace tocsin::rules
