// How often durations fell between fixed bounds, readable while they are added.
//
//   Histogram histogram(kProcessingSeconds);
//   histogram.Observe(0.03);
//   histogram.bounds(), histogram.Snapshot().counts ...
//
// Shape     counts: one for each bound, of what is not greater than it and greater than the one
//           before; one more for the rest.
// Units     seconds.
// Cost      a search among some fifteen bounds and two relaxed operations.
// Threads   one writer, any readers. A snapshot's counts add up to its number of observations; its
//           sum may be some observations older.
// Lifetime  the bounds outlive it.
#ifndef TOCSIN_PIPELINE_HISTOGRAM_H_
#define TOCSIN_PIPELINE_HISTOGRAM_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tocsin {

// From the poll that brought a record to the commit of its offset.
inline constexpr double kProcessingSeconds[] = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                1,    2.5,   5,    10,  30,   60};

// From a record's timestamp to the commit of its offset: a feed that is late, or a backfill, too.
inline constexpr double kEndToEndSeconds[] = {0.05, 0.1, 0.25, 0.5, 1,    2.5,  5,
                                              10,   30,  60,   300, 1800, 7200, 86'400};

class Histogram {
 public:
  struct Values {
    std::vector<uint64_t> counts;
    double sum = 0;
  };

  explicit Histogram(std::span<const double> bounds)
      : bounds_(bounds), counts_(bounds.size() + 1) {}

  void Observe(double seconds, uint64_t times = 1) {
    const size_t bucket =
        std::lower_bound(bounds_.begin(), bounds_.end(), seconds) - bounds_.begin();
    counts_[bucket].fetch_add(times, std::memory_order_relaxed);
    const double sum = sum_.load(std::memory_order_relaxed);  // nobody else writes it
    sum_.store(sum + seconds * static_cast<double>(times), std::memory_order_relaxed);
  }

  std::span<const double> bounds() const { return bounds_; }

  Values Snapshot() const {
    Values values;
    values.sum = sum_.load(std::memory_order_relaxed);
    values.counts.reserve(counts_.size());
    for (const auto& count : counts_) {
      values.counts.push_back(count.load(std::memory_order_relaxed));
    }
    return values;
  }

 private:
  const std::span<const double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_HISTOGRAM_H_
