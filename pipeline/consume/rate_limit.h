// How many records a second all workers of a process may take together.
//
//   const size_t allowed = rate_limit.Allowance(Clock::now());
//   ... take at most so many ...
//   rate_limit.Spend(taken);
//
// Shape     what is not spent within a tenth of a second is forgone. Workers that ask at the same
//           time may overdraw it together; the next ones then wait.
// Threads   any.
#ifndef TOCSIN_PIPELINE_CONSUME_RATE_LIMIT_H_
#define TOCSIN_PIPELINE_CONSUME_RATE_LIMIT_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <mutex>

namespace tocsin {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimit(double records_per_second)
      : records_per_second_(records_per_second),
        stock_max_(std::max(records_per_second / 10, 1.0)) {}

  size_t Allowance(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (last_ != Clock::time_point()) {
      const std::chrono::duration<double> passed = now - last_;
      stock_ = std::min(stock_ + passed.count() * records_per_second_, stock_max_);
    }
    last_ = now;
    return stock_ < 1 ? 0 : static_cast<size_t>(stock_);
  }

  void Spend(size_t records) {
    const std::lock_guard lock(mutex_);
    stock_ -= static_cast<double>(records);
  }

 private:
  const double records_per_second_;
  const double stock_max_;
  // Not absl::Mutex: the distribution's is built without what tsan must know of it.
  std::mutex mutex_;
  double stock_ = 0;
  Clock::time_point last_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_RATE_LIMIT_H_
