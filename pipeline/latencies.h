// How long records take, counted once they are committed.
//
//   latencies.Polled();                 // a batch has come
//   latencies.Done(record.timestamp_ms);
//   latencies.Committed();              // or Forgotten
//
// Shape     a record without a timestamp has no end-to-end latency; one of the future has none to
//           speak of.
// Cost      eight bytes a record until it is committed; one reading of the clocks a batch and a
//           commit.
// Threads   one.
// Lifetime  the histograms outlive it.
#ifndef TOCSIN_PIPELINE_LATENCIES_H_
#define TOCSIN_PIPELINE_LATENCIES_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "pipeline/histogram.h"

namespace tocsin {

class Latencies {
 public:
  Latencies(Histogram* end_to_end, Histogram* processing)
      : end_to_end_(end_to_end), processing_(processing) {}

  void Polled() { polled_ = Clock::now(); }

  void Done(int64_t timestamp_ms) {
    if (timestamp_ms >= 0) timestamps_ms_.push_back(timestamp_ms);
    if (polls_.empty() || polls_.back().at != polled_) polls_.push_back({.at = polled_});
    ++polls_.back().records;
  }

  void Committed() {
    using Seconds = std::chrono::duration<double>;
    const Clock::time_point now = Clock::now();
    for (const Poll& poll : polls_) {
      processing_->Observe(Seconds(now - poll.at).count(), poll.records);
    }
    const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
    for (const int64_t timestamp_ms : timestamps_ms_) {
      const std::chrono::milliseconds latency(std::max(now_ms - timestamp_ms, int64_t{0}));
      end_to_end_->Observe(Seconds(latency).count());
    }
    Forgotten();
  }

  void Forgotten() {
    polls_.clear();
    timestamps_ms_.clear();
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Poll {
    Clock::time_point at;
    uint64_t records = 0;
  };

  Histogram* const end_to_end_;
  Histogram* const processing_;
  Clock::time_point polled_;
  std::vector<Poll> polls_;             // that brought what is not committed yet
  std::vector<int64_t> timestamps_ms_;  // of the records
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_LATENCIES_H_
