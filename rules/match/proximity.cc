#include "rules/match/proximity.h"

#include <algorithm>

namespace tocsin::rules {
namespace {

// The last token at which an operand behind `from` may start.
uint32_t Limit(const Occurrence& from, const Reach& reach, uint32_t run_end) {
  return reach.tokens_max > run_end - std::min(run_end, from.last) ? run_end
                                                                   : from.last + reach.tokens_max;
}

Occurrences::const_iterator FirstBehind(const Occurrences& all, uint32_t token) {
  return std::upper_bound(all.begin(), all.end(), token,
                          [](uint32_t t, const Occurrence& o) { return t < o.first; });
}

Occurrence Cover(const Occurrence& from, const Occurrence& to) {
  return {.first = from.first,
          .last = to.last,
          .span = {.field = from.span.field, .begin = from.span.begin, .end = to.span.end}};
}

// Covering spans of each `from` with what stands behind it.
void CoverForward(const Occurrences& from_all, const Occurrences& to_all, const Reach& reach,
                  Gaps* gaps, Occurrences* covers) {
  for (const Occurrence& from : from_all) {
    const uint32_t run_end = gaps->RunOf(from.first, reach.gap_max).last;
    const uint32_t limit = Limit(from, reach, run_end);
    uint32_t nearest_last = UINT32_MAX;
    for (auto to = FirstBehind(to_all, from.last); to != to_all.end() && to->first <= limit; ++to) {
      // What starts behind the nearest one covers more than it.
      if (to->first > nearest_last) break;
      if (to->last >= nearest_last || to->last > run_end) continue;
      nearest_last = to->last;
      covers->push_back(Cover(from, *to));
    }
  }
}

void KeepMinimal(Occurrences* covers) {
  std::sort(covers->begin(), covers->end(), [](const Occurrence& a, const Occurrence& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  uint32_t nearest_last = UINT32_MAX;
  auto kept = covers->rbegin();
  for (auto cover = covers->rbegin(); cover != covers->rend(); ++cover) {
    if (cover->last >= nearest_last) continue;
    nearest_last = cover->last;
    *kept++ = *cover;
  }
  covers->erase(covers->begin(), kept.base());
}

}  // namespace

void FindNear(const Occurrences& left, const Occurrences& right, const Reach& reach, Gaps* gaps,
              Occurrences* near) {
  near->clear();
  if (left.empty() || right.empty()) return;
  CoverForward(left, right, reach, gaps, near);
  if (!reach.ordered) CoverForward(right, left, reach, gaps, near);
  KeepMinimal(near);
}

void FindNotNear(const Occurrences& left, const Occurrences& right, const Reach& reach, Gaps* gaps,
                 ReachedScratch* scratch, Occurrences* clean) {
  if (right.empty()) {
    *clean = left;
    return;
  }
  clean->clear();
  // For each token, whether a right operand reaches it from before: the farthest such token,
  // ascending by last.
  ReachedScratch& reached = *scratch;  // (last of the right operand, limit)
  reached.clear();
  if (!reach.ordered) {
    for (const Occurrence& r : right) {
      reached.emplace_back(r.last, Limit(r, reach, gaps->RunOf(r.first, reach.gap_max).last));
    }
    std::sort(reached.begin(), reached.end());
    for (size_t i = 1; i < reached.size(); ++i) {
      reached[i].second = std::max(reached[i].second, reached[i - 1].second);
    }
  }
  for (const Occurrence& l : left) {
    const uint32_t run_end = gaps->RunOf(l.first, reach.gap_max).last;
    const uint32_t limit = Limit(l, reach, run_end);
    // An operand that itself crosses the gap shares no span with anything.
    const bool crosses_gap = run_end < l.last;
    bool is_clean = true;
    for (auto r = FirstBehind(right, l.last); is_clean && r != right.end() && r->first <= limit;
         ++r) {
      is_clean = r->last > run_end;
    }
    const auto before =
        std::lower_bound(reached.begin(), reached.end(), std::pair(l.first, uint32_t{0}));
    if (before != reached.begin() && !crosses_gap) {
      is_clean = is_clean && std::prev(before)->second < l.first;
    }
    if (is_clean) clean->push_back(l);
  }
}

}  // namespace tocsin::rules
