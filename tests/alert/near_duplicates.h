// Which texts of a corpus are copies of one another already: exactly, over all pairs, without any
// of the code under test but the fold.
//
//   const NearDuplicates same = FindNearDuplicates(texts);
//   if (same.Has(3, 17)) ...
//
// Shape     a pair counts when its sets of three-word shingles have a Jaccard similarity of at
//           least kJaccardMin, or the smaller lies in the larger to at least kContainmentMin.
// Cost      the number of pairs that share a shingle, times how many: a minute for 8,000 articles.
#ifndef TOCSIN_TESTS_ALERT_NEAR_DUPLICATES_H_
#define TOCSIN_TESTS_ALERT_NEAR_DUPLICATES_H_

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tocsin {

struct NearDuplicates {
  static constexpr double kJaccardMin = 0.5;
  static constexpr double kContainmentMin = 0.8;

  std::set<std::pair<size_t, size_t>> pairs;  // the smaller index first

  bool Has(size_t a, size_t b) const { return pairs.contains({std::min(a, b), std::max(a, b)}); }
};

NearDuplicates FindNearDuplicates(const std::vector<std::string>& texts);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_ALERT_NEAR_DUPLICATES_H_
