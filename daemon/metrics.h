// The process's numbers, as Prometheus reads them.
//
//   Metrics metrics(config, &counters, &health, &reloads);
//   metrics.Expect(config, *rule_set);          // so that what has not happened yet counts 0
//   server: metrics.Text()
//
// Shape     deploy/metrics.md has every metric with its type, labels and unit; a test compares. The
//           workers' counters are added up, but for what is said of one worker. Label values come
//           from configuration and rules, never from records.
// Cost      a scrape reads some hundred numbers; the workers notice nothing of it.
// Threads   any; one scrape is made at a time.
// Lifetime  counters, health and reloads outlive it.
#ifndef TOCSIN_DAEMON_METRICS_H_
#define TOCSIN_DAEMON_METRICS_H_

#include <prometheus/collectable.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/health.h"
#include "daemon/reload_status.h"
#include "pipeline/counters.h"
#include "rules/rule_set.h"

namespace tocsin {

class Metrics final : public prometheus::Collectable {
 public:
  Metrics(const Config& config, std::vector<Counters>* workers, const Health* health,
          const ReloadStatus* reloads);

  // To be called again with rules that come later.
  void Expect(const Config& config, const rules::RuleSet& rule_set);

  // The same for what `tocsin alert` counts.
  void ExpectAlerts(const Config& config);

  // The same for what `tocsin notify` counts.
  void ExpectWebhooks(const Config& config);

  std::vector<prometheus::MetricFamily> Collect() const override;
  std::string Text() const;

 private:
  const size_t memory_budget_;
  const int64_t started_ms_;
  std::vector<Counters>* const workers_;
  const Health* const health_;
  const ReloadStatus* const reloads_;
  mutable std::mutex scrape_;  // many scrapers at a time must not take the workers' processors
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_METRICS_H_
