#include "daemon/run.h"

#include <spdlog/spdlog.h>

#include "daemon/config.h"
#include "daemon/shipped.h"
#include "daemon/signals.h"
#include "daemon/workers.h"
#include "pipeline/broker/access.h"
#include "rules/base/status_macros.h"

namespace tocsin {

namespace {

absl::Status CheckAccess(const Config& config, const rules::RuleSet& rule_set,
                         const std::stop_token& stop) {
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  broker::Access access{.read = config.input, .written = OutputKafkaTopics(config, rule_set)};
  access.written.push_back(config.dead_letter);
  return broker::CheckAccess(client, access, stop);
}

}  // namespace

absl::Status Run(const RunOptions& options) {
  const StopSignals signals;  // first: threads started later inherit the mask
  ASSIGN_OR_RETURN(Config config, LoadConfig(options.config_path));
  if (options.backfill) config.group = BackfillGroup(config.group, *options.backfill);
  ASSIGN_OR_RETURN(const auto rule_set, LoadRules(config.rules));
  RETURN_IF_ERROR(CheckNoLoop(config, *rule_set));
  spdlog::info("starting: {} workers, {} rules, rule set {}", config.workers,
               rule_set->rules().size(), rule_set->version());
  RETURN_IF_ERROR(CheckAccess(config, *rule_set, signals.token()));
  if (signals.token().stop_requested()) return absl::OkStatus();
  std::optional<Backfill> backfill;
  if (options.backfill) {
    ASSIGN_OR_RETURN(backfill, PrepareBackfill(config, *options.backfill));
    spdlog::info("backfill: group {}", config.group);
  }
  ASSIGN_OR_RETURN(const auto workers,
                   KafkaWorkers::Connect(config, rule_set, backfill ? &*backfill : nullptr));

  const absl::Status status = workers->Run(signals.token());

  const Totals totals = workers->Sum();
  spdlog::info("stopped: {} consumed, {} matched, {} published, {} dead letters, {} tombstones",
               totals.consumed, totals.matched, totals.published, totals.dead_lettered,
               totals.tombstones);
  return status;
}

}  // namespace tocsin
