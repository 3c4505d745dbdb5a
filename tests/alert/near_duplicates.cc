#include "tests/alert/near_duplicates.h"

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>

#include <algorithm>
#include <cstdint>
#include <sstream>

#include "rules/text/fold.h"

namespace tocsin {
namespace {

std::vector<size_t> Shingles(const std::string& text) {
  std::istringstream words(rules::Fold(text));
  std::vector<size_t> shingles;
  std::string before, last, word;
  while (words >> word) {
    if (!before.empty()) shingles.push_back(absl::HashOf(before, last, word));
    before = std::exchange(last, word);
  }
  std::ranges::sort(shingles);
  shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
  return shingles;
}

}  // namespace

NearDuplicates FindNearDuplicates(const std::vector<std::string>& texts) {
  NearDuplicates found;
  std::vector<size_t> sizes;
  absl::flat_hash_map<size_t, std::vector<uint32_t>> holders;
  for (uint32_t i = 0; i < texts.size(); ++i) {
    std::vector<uint32_t> shared(i);
    const std::vector<size_t> shingles = Shingles(texts[i]);
    sizes.push_back(shingles.size());
    for (const size_t shingle : shingles) {
      std::vector<uint32_t>& holding = holders[shingle];
      for (const uint32_t other : holding) ++shared[other];
      holding.push_back(i);
    }
    for (uint32_t other = 0; other < i; ++other) {
      const double both = shared[other];
      const double smaller = static_cast<double>(std::min(sizes[i], sizes[other]));
      const double all = static_cast<double>(sizes[i] + sizes[other]) - both;
      if (both > 0 && (both / all >= NearDuplicates::kJaccardMin ||
                       both / smaller >= NearDuplicates::kContainmentMin)) {
        found.pairs.emplace(other, i);
      }
    }
  }
  return found;
}

}  // namespace tocsin
