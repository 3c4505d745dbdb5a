#include "daemon/run.h"

#include <spdlog/spdlog.h>

#include "daemon/config.h"
#include "daemon/shipped.h"
#include "daemon/signals.h"
#include "daemon/workers.h"
#include "rules/base/status_macros.h"

namespace tocsin {

absl::Status Run(const std::string& config_path) {
  const StopSignals signals;  // first: threads started later inherit the mask
  ASSIGN_OR_RETURN(const Config config, LoadConfig(config_path));
  ASSIGN_OR_RETURN(const auto rule_set, LoadRules(config.rules));
  RETURN_IF_ERROR(CheckNoLoop(config, *rule_set));
  ASSIGN_OR_RETURN(const auto workers, KafkaWorkers::Connect(config, rule_set));
  spdlog::info("running: {} workers, {} rules, rule set {}", config.workers,
               rule_set->rules().size(), rule_set->version());

  const absl::Status status = workers->Run(signals.token());

  const Totals totals = workers->Sum();
  spdlog::info("stopped: {} consumed, {} matched, {} published, {} dead letters, {} tombstones",
               totals.consumed, totals.matched, totals.published, totals.dead_lettered,
               totals.tombstones);
  return status;
}

}  // namespace tocsin
