#include "rules/match/windows.h"

#include <algorithm>

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

void AddReach(const Occurrence& occurrence, const Beside& beside, Gaps* gaps, Windows* windows) {
  const TokenRun run = gaps->RunOf(occurrence.first, beside.reach.gap_max);
  const uint32_t first = std::max(run.first, Less(occurrence.first, beside.reach.tokens_max));
  const uint32_t last = std::min(run.last, More(occurrence.last, beside.reach.tokens_max));
  Add({.begin = beside.before ? first : occurrence.first,
       .end = beside.behind ? More(last, 1) : More(occurrence.last, 1)},
      windows);
}

void Widen(const Windows& windows, uint32_t tokens_max, Gap gap_max, Gaps* gaps, Windows* wider) {
  for (const TokenRange& window : windows) {
    const uint32_t first = gaps->RunOf(window.begin, gap_max).first;
    const uint32_t last = gaps->RunOf(window.end - 1, gap_max).last;
    Add({.begin = std::max(first, Less(window.begin, tokens_max)),
         .end = std::min(last, More(window.end - 1, tokens_max)) + 1},
        wider);
  }
}

bool Touches(const Occurrence& occurrence, const Windows& windows) {
  const auto window =
      std::lower_bound(windows.begin(), windows.end(), occurrence.first,
                       [](const TokenRange& range, uint32_t token) { return range.end <= token; });
  return window != windows.end() && window->begin <= occurrence.last;
}

}  // namespace tocsin::rules
