// What a worker has done so far, readable from other threads while it runs.
//
//   counters.consumed.Add(1);
//   counters.dead_lettered.Add("malformed_json", 1);
//   for (const auto& [reason, count] : counters.dead_lettered.Snapshot()) ...
//
// Shape     labels come from configuration, rules and our own reasons; never from article text.
// Cost      a Counter: one relaxed addition. A CounterFamily: a lock that its worker alone takes,
//           save while it is read; it is touched only by the few records that match or fail.
// Threads   one writer, any readers. Counters are exact each, not consistent with one another.
#ifndef TOCSIN_PIPELINE_COUNTERS_H_
#define TOCSIN_PIPELINE_COUNTERS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace tocsin {

class Counter {
 public:
  void Add(uint64_t count) { value_.fetch_add(count, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class CounterFamily {
 public:
  void Add(std::string_view label, uint64_t count) {
    const std::lock_guard lock(mutex_);
    const auto at = counts_.find(label);
    if (at != counts_.end()) {
      at->second += count;
    } else {
      counts_.emplace(label, count);
    }
  }

  std::map<std::string, uint64_t, std::less<>> Snapshot() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

  uint64_t Total() const {
    uint64_t total = 0;
    for (const auto& [label, count] : Snapshot()) total += count;
    return total;
  }

 private:
  // Not absl::Mutex: the distribution's is built without what tsan must know of it.
  mutable std::mutex mutex_;
  std::map<std::string, uint64_t, std::less<>> counts_;
};

struct Counters {
  // consume
  Counter consumed;        // records, tombstones and bad ones included
  Counter consumed_bytes;  // of their values
  Counter tombstones;      // records without a value, dropped
  // decode
  Counter surrogates_replaced;
  // match
  Counter matched;              // articles with at least one rule
  CounterFamily matched_rules;  // by rule id
  CounterFamily matched_topics;
  // publish
  CounterFamily published;      // by Kafka topic; handed to the sink
  Counter acknowledged;         // by the broker, dead letters included
  CounterFamily dead_lettered;  // by reason
  // the loop
  Counter turns;  // it goes on, even when it waits
  Counter commits;
  Counter rewinds;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_COUNTERS_H_
