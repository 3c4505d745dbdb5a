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

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "daemon/backfill.h"
#include "daemon/config.h"
#include "daemon/worker_group.h"
#include "pipeline/article_handler.h"
#include "pipeline/consume/rate_limit.h"
#include "pipeline/counters.h"
#include "rules/rule_set.h"

namespace tocsin {

class KafkaWorkers {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaWorkers>> Connect(
      const Config& config, const std::shared_ptr<const rules::RuleSet>& rule_set,
      std::vector<Counters>* counters, const Backfill* backfill = nullptr);

  absl::Status Run(const std::stop_token& stop) { return group_.Run(stop); }

  // Each worker takes these rules between two of its transactions. On an error none does.
  absl::Status UseFromNowOn(const std::shared_ptr<const rules::RuleSet>& rule_set);

  std::vector<uint64_t> Progress() const { return group_.Progress(); }
  Totals Sum() const { return group_.Sum(); }

 private:
  KafkaWorkers(Config config, bool is_backfill)
      : config_(std::move(config)), is_backfill_(is_backfill) {}

  absl::Status ConnectOne(const std::shared_ptr<const rules::RuleSet>& rule_set,
                          const Backfill* backfill, int task_id, Counters* counters);

  const Config config_;
  const bool is_backfill_;
  std::unique_ptr<RateLimit> rate_limit_;  // of all sources, if there is one
  WorkerGroup group_;
  std::vector<ArticleHandler*> handlers_;  // of its members, in their order
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_WORKERS_H_
