// In how many stories a shingle occurs, so that what many have in common (boilerplate, templates
// of market reports) makes no two of them one.
//
//   ShingleCounts counts;
//   counts.Add(sketch);                              // of a story's first article
//   if (counts.IsCommon(Sketch::ShingleOf(value))) ...
//
// Shape     counters are shared by shingles of the same hash: a count is never too low, and with a
//           million stories too high by 2 on average.
// Cost      64 MB of address space; memory as far as it is touched.
// Errors    none: out of memory ends the process.
// Threads   as a std container.
#ifndef TOCSIN_PIPELINE_ALERT_SHINGLE_COUNTS_H_
#define TOCSIN_PIPELINE_ALERT_SHINGLE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "pipeline/alert/sketch.h"

namespace tocsin {

class ShingleCounts {
 public:
  ShingleCounts();

  void Add(const Sketch& sketch);
  void Remove(const Sketch& sketch);  // one that was added

  void Prefetch(uint32_t shingle) const { __builtin_prefetch(&counters_[Bucket(shingle)]); }
  bool IsCommon(uint32_t shingle) const { return counters_[Bucket(shingle)] >= common_min_; }

 private:
  static constexpr int kBits = 25;

  struct Free {
    void operator()(uint16_t* counters) const;
  };

  static size_t Bucket(uint32_t shingle) { return (shingle * 0x9E3779B1) >> (32 - kBits); }
  void SetCommonMin();

  std::unique_ptr<uint16_t[], Free> counters_;
  size_t stories_ = 0;
  int common_min_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_SHINGLE_COUNTS_H_
