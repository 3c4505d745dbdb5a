#include "pipeline/alert/shingle_counts.h"

#include <cmath>
#include <cstdlib>

namespace tocsin {
namespace {

// Common is what 3 stories of few have, 5 of 8,000 (README has what that brings), 34 of a million.
constexpr int kCommonMin = 3;
constexpr double kCommonGrowth = 1.0 / 32;

}  // namespace

// calloc gives pages that are zero without being touched.
ShingleCounts::ShingleCounts()
    : counters_(static_cast<uint16_t*>(std::calloc(size_t{1} << kBits, sizeof(uint16_t)))) {
  if (!counters_) std::abort();
  SetCommonMin();
}

void ShingleCounts::Free::operator()(uint16_t* counters) const { std::free(counters); }

void ShingleCounts::Add(const Sketch& sketch) {
  for (const uint32_t value : sketch.view()) {
    uint16_t& counter = counters_[Bucket(Sketch::ShingleOf(value))];
    // One that has reached its end stays there: what it has lost cannot be told.
    if (counter != UINT16_MAX) ++counter;
  }
  ++stories_;
  SetCommonMin();
}

void ShingleCounts::Remove(const Sketch& sketch) {
  for (const uint32_t value : sketch.view()) {
    uint16_t& counter = counters_[Bucket(Sketch::ShingleOf(value))];
    if (counter != UINT16_MAX) --counter;
  }
  --stories_;
  SetCommonMin();
}

void ShingleCounts::SetCommonMin() {
  common_min_ =
      kCommonMin + static_cast<int>(kCommonGrowth * std::sqrt(static_cast<double>(stories_)));
}

}  // namespace tocsin
