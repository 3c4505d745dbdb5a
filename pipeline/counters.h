// What a worker has done so far, readable from other threads while it runs.
//
//   counters.commits.Add(1);
//   counters.dead_lettered.Add({"news.raw", "malformed_json"}, 1);
//   for (const auto& [labels, count] : counters.published.Snapshot()) ...
//
// Shape     labels come from configuration, rules and our own reasons; never from article text.
// Units     names end with them.
// Cost      a Counter or a Gauge: one relaxed operation. A family: a lock that its worker alone
//           takes, save while it is read; where that is too much, At is asked once.
// Threads   one writer, any readers. Counters are exact each, not consistent with one another.
#ifndef TOCSIN_PIPELINE_COUNTERS_H_
#define TOCSIN_PIPELINE_COUNTERS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "pipeline/broker/sockets.h"
#include "pipeline/consume/lags.h"
#include "pipeline/histogram.h"
#include "pipeline/stage_clock.h"

namespace tocsin {

class Counter {
 public:
  void Add(uint64_t count) { value_.fetch_add(count, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// One metric for each combination of so many labels.
template <typename Metric, size_t kLabels>
class Family {
 public:
  using Key = std::array<std::string, kLabels>;
  using Labels = std::array<std::string_view, kLabels>;
  using Value = decltype(Metric().value());

  // Stays where it is as long as the family lives.
  Metric& At(const Labels& labels) {
    const std::lock_guard lock(mutex_);
    const auto found = metrics_.find(labels);
    if (found != metrics_.end()) return found->second;
    Key key;
    std::copy(labels.begin(), labels.end(), key.begin());
    return metrics_[std::move(key)];
  }

  void Add(const Labels& labels, uint64_t count) { At(labels).Add(count); }

  std::map<Key, Value> Snapshot() const {
    const std::lock_guard lock(mutex_);
    std::map<Key, Value> values;
    for (const auto& [key, metric] : metrics_)
      values.emplace_hint(values.end(), key, metric.value());
    return values;
  }

  Value Total() const {
    Value total = 0;
    for (const auto& [key, value] : Snapshot()) total += value;
    return total;
  }

 private:
  struct Less {
    using is_transparent = void;
    bool operator()(const auto& one, const auto& other) const {
      return std::lexicographical_compare(one.begin(), one.end(), other.begin(), other.end());
    }
  };

  // Not absl::Mutex: the distribution's is built without what tsan must know of it.
  mutable std::mutex mutex_;
  std::map<Key, Metric, Less> metrics_;
};

using CounterFamily = Family<Counter, 1>;
using GaugeFamily = Family<Gauge, 1>;

struct Counters {
  // consume
  CounterFamily consumed;        // records by Kafka topic, tombstones and bad ones included
  CounterFamily consumed_bytes;  // of their values
  GaugeFamily last_record_ms;    // by Kafka topic: when the last one came, since the epoch
  Counter tombstones;            // records without a value
  CounterFamily deleted_unread;  // offsets by Kafka topic, by retention
  CounterFamily rebalances;      // by what: assigned, revoked, lost
  Gauge is_member;               // 1 while the group has given us partitions, or none in turn
  Gauge fetch_queue_records;     // fetched, and not yet polled
  Lags lags;                     // of the partitions that are ours
  broker::Sockets consumer_sockets;
  // decode
  Counter surrogates_replaced;
  CounterFamily values_unread;  // by field: there, and not to be read
  // match
  Counter rules_offered;        // other ones, to be taken between two commits
  Counter rules_taken;          // of these; one not taken in time is replaced by the next
  Counter matched;              // articles with at least one rule
  CounterFamily matched_rules;  // by rule id
  CounterFamily matched_topics;
  CounterFamily cross_checked;            // articles by result: same, different, given_up
  CounterFamily cross_check_differences;  // by rule id
  // publish
  CounterFamily published;           // by Kafka topic; handed to the sink
  CounterFamily published_bytes;     // of keys and values
  Counter acknowledged;              // by the broker, dead letters included
  Family<Counter, 2> dead_lettered;  // by the record's Kafka topic and the reason
  Counter producers_replaced;
  Gauge publish_queue_records;  // published, and not yet acknowledged
  broker::Sockets producer_sockets;
  // alert
  Family<Counter, 2> mentions;  // by topic and novelty
  Family<Counter, 2> alerts;    // by topic and what became of the mention
  Gauge alert_takes_part;       // 1 in a process that alerts, or stands by
  Gauge alert_is_active;        // 1 while we are the one that alerts
  Gauge alert_restore_ms;       // how long the state took to be known, the last time
  Gauge window_articles;        // that a new one is compared with
  // notify, by webhook
  Family<Counter, 2> webhook_posts;       // and the class of their answer
  Family<Counter, 2> webhook_alerts;      // and what became of them
  CounterFamily webhook_post_us;          // from posts to their answers
  GaugeFamily webhook_retrying_since_ms;  // steady clock; the first post of the one in hand, or 0
  // the loop
  Counter turns;  // it goes on, even when it waits
  StageClock stages;
  Counter commits;
  Counter committed_records;
  Counter transactions_committed;
  Counter transactions_aborted;
  Counter rewinds;
  Gauge is_running;
  Gauge failing_since_ms;  // steady clock; the first failure since the last commit, or 0
  Histogram end_to_end{kEndToEndSeconds};
  Histogram processing{kProcessingSeconds};
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_COUNTERS_H_
