// The configured workers, each with a consumer in the group, a producer and a thread of its own.
//
//   ASSIGN_OR_RETURN(const auto workers, KafkaWorkers::Connect(config, rule_set, &counters));
//   const absl::Status status = workers->Run(signals.token());
//
// Run returns drained, committed and out of the group.
//
// Shape     of a backfill only its records are taken, and Run returns when there are no more.
// Errors    Run: the first worker's that could not go on; the others are stopped in order.
// Threads   Run blocks; the rest from any thread, but UseFromNowOn from one at a time.
// Lifetime  the counters, one for each worker, outlive it.
#ifndef TOCSIN_DAEMON_WORKERS_H_
#define TOCSIN_DAEMON_WORKERS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <stop_token>
#include <vector>

#include "daemon/backfill.h"
#include "daemon/config.h"
#include "pipeline/article_handler.h"
#include "pipeline/consume/rate_limit.h"
#include "pipeline/counters.h"
#include "pipeline/publish/sink.h"
#include "pipeline/worker.h"
#include "rules/rule_set.h"

namespace tocsin {

struct Totals {
  uint64_t consumed = 0;
  uint64_t consumed_bytes = 0;
  uint64_t matched = 0;
  uint64_t published = 0;
  uint64_t dead_lettered = 0;
  uint64_t tombstones = 0;
  uint64_t rewinds = 0;
  int64_t lag = 0;  // records, of the partitions that are ours
};

class KafkaWorkers {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaWorkers>> Connect(
      const Config& config, const std::shared_ptr<const rules::RuleSet>& rule_set,
      std::vector<Counters>* counters, const Backfill* backfill = nullptr);

  absl::Status Run(const std::stop_token& stop);

  // Each worker takes these rules between two of its transactions. On an error none does.
  absl::Status UseFromNowOn(const std::shared_ptr<const rules::RuleSet>& rule_set);

  // Of each worker: a number that changes as it goes on, or kAtItsEnd.
  std::vector<uint64_t> Progress() const;
  static constexpr uint64_t kAtItsEnd = std::numeric_limits<uint64_t>::max();

  Totals Sum() const;

 private:
  KafkaWorkers(Config config, bool is_backfill)
      : config_(std::move(config)), is_backfill_(is_backfill) {}

  // Declared in the order of their dependence.
  struct Member {
    Counters* counters;
    std::unique_ptr<Source> source;
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Worker> worker;
    ArticleHandler* handler = nullptr;  // the worker's
    std::atomic<bool> is_at_its_end = false;
  };

  absl::StatusOr<std::unique_ptr<Member>> ConnectOne(
      const std::shared_ptr<const rules::RuleSet>& rule_set, const Backfill* backfill, int task_id,
      Counters* counters);

  const Config config_;
  const bool is_backfill_;
  std::unique_ptr<RateLimit> rate_limit_;  // of all sources, if there is one
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_WORKERS_H_
