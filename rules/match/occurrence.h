// Where something searched for stands in an article.
//
// Units     first, last: tokens, last included; begin, end: bytes of the field's rendering, end
//           excluded. A regex has bytes only, and takes no part in proximities.
#ifndef TOCSIN_RULES_MATCH_OCCURRENCE_H_
#define TOCSIN_RULES_MATCH_OCCURRENCE_H_

#include <cstdint>
#include <vector>

#include "rules/document.h"

namespace tocsin::rules {

struct Occurrence {
  uint32_t first = 0;
  uint32_t last = 0;
  Span span{};
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

using Occurrences = std::vector<Occurrence>;  // ascending by (first, last), or by span for a regex

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_OCCURRENCE_H_
