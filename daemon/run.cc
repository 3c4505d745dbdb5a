#include "daemon/run.h"

#include <absl/algorithm/container.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/admin.h"
#include "daemon/client_settings.h"
#include "daemon/config.h"
#include "daemon/life_signs.h"
#include "daemon/notify.h"
#include "daemon/reload.h"
#include "daemon/reloader.h"
#include "daemon/shipped.h"
#include "daemon/signals.h"
#include "daemon/status_line.h"
#include "daemon/workers.h"
#include "pipeline/broker/access.h"
#include "pipeline/broker/write_access.h"
#include "pipeline/log.h"
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

absl::StatusOr<std::shared_ptr<const rules::RuleSet>> LoadCheckedRules(const Config& config) {
  ASSIGN_OR_RETURN(auto rule_set, LoadRules(config.rules));
  RETURN_IF_ERROR(CheckNoLoop(config, *rule_set));
  return rule_set;
}

// Which rules there are is read again, too; all else of the configuration stays until a restart.
absl::StatusOr<std::shared_ptr<const rules::RuleSet>> LoadRulesAgain(const std::string& config_path,
                                                                     Config config) {
  ASSIGN_OR_RETURN(Config changed, LoadConfig(config_path));
  config.rules = std::move(changed.rules);
  return LoadCheckedRules(config);
}

// What a reload changes, and what it is told to.
struct Running {
  const std::string& config_path;
  const Config& config;
  KafkaWorkers* workers;
  Admin* admin;
  std::stop_token stop;
  std::shared_ptr<const rules::RuleSet> rule_set;
};

// A subject whose Kafka topic takes no records would stop all others at its first match.
absl::Status CheckAddedOutputs(const Running& running, const rules::RuleSet& rule_set) {
  const auto in_use = OutputKafkaTopics(running.config, *running.rule_set);
  std::set<std::string> added;
  for (std::string& kafka_topic : OutputKafkaTopics(running.config, rule_set)) {
    if (!absl::c_linear_search(in_use, kafka_topic)) added.insert(std::move(kafka_topic));
  }
  if (added.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(running.config));
  return broker::CheckWrites(client, added, running.stop);
}

// Everything that can fail is done before the first worker is offered the new rules.
absl::Status UseRulesAgain(Running* running) {
  ASSIGN_OR_RETURN(const auto rule_set, LoadRulesAgain(running->config_path, running->config));
  RETURN_IF_ERROR(CheckAddedOutputs(*running, *rule_set));
  RETURN_IF_ERROR(running->workers->UseFromNowOn(rule_set));
  running->rule_set = rule_set;
  return absl::OkStatus();
}

void Reload(Running* running) {
  notify::Reloading();
  Admin* const admin = running->admin;
  admin->reloads.Started();
  const absl::Status status = UseRulesAgain(running);
  notify::Ready();
  if (!status.ok()) {
    spdlog::error("reload: the old rules stay: {}{}", std::string(status.message()),
                  log::About{.event = log::kReloadFailed});
    admin->reloads.Failed(std::string(status.message()));
    return;
  }
  const rules::RuleSet& rule_set = *running->rule_set;
  admin->metrics.Expect(running->config, rule_set);
  admin->reloads.Reloaded(rule_set.version(), rule_set.rules().size());
  spdlog::info("reload: {} rules, rule set {}{}", rule_set.rules().size(), rule_set.version(),
               log::About{.event = log::kReloaded});
}

std::string ShowReload(const Admin& admin, const std::vector<Counters>& counters) {
  uint64_t behind = 0;
  for (const Counters& worker : counters) {
    behind += worker.rules_taken.value() == worker.rules_offered.value() ? 0 : 1;
  }
  return ReloadPage(admin.reloads.Get(), behind);
}

// A backfill runs beside a daemon with the same configuration, which has the address.
absl::Status Listen(const Config& config, bool is_backfill, const std::vector<Counters>& counters,
                    Admin* admin) {
  absl::Status status = admin->Listen(
      config.http_listen, {{"/reload", [&counters, admin] {
                              return HttpAnswer{.content_type = "text/plain; charset=utf-8",
                                                .body = ShowReload(*admin, counters)};
                            }}});
  if (status.ok() || !is_backfill) return status;
  spdlog::warn("going on without metrics: {}", std::string(status.message()));
  return absl::OkStatus();
}

void LogTotals(const Totals& totals) {
  spdlog::info("stopped: {} consumed, {} matched, {} published, {} dead letters, {} tombstones{}",
               totals.consumed, totals.matched, totals.published, totals.dead_lettered,
               totals.tombstones, log::About{.event = log::kStopped});
}

}  // namespace

absl::Status Run(const RunOptions& options) {
  // In the order of their dependence: each outlives those who watch it.
  Config config;
  std::vector<Counters> counters;
  std::unique_ptr<KafkaWorkers> workers;
  std::unique_ptr<Admin> admin;
  Reloader reloader;
  Signals signals([&] { reloader.Request(); });  // before other threads: they inherit the mask
  const std::stop_token stop = signals.stop_token();
  ASSIGN_OR_RETURN(config, LoadConfig(options.config_path));
  signals.EndAfter(config.drain_timeout);
  LifeSigns life_signs(stop, "compiling the rules");
  if (options.backfill) config.group = BackfillGroup(config.group, *options.backfill);
  counters = std::vector<Counters>(config.workers);
  admin = std::make_unique<Admin>(config, &counters, stop);
  RETURN_IF_ERROR(Listen(config, options.backfill.has_value(), counters, admin.get()));
  ASSIGN_OR_RETURN(const auto rule_set, LoadCheckedRules(config));
  admin->reloads.Loaded(rule_set->version(), rule_set->rules().size());
  admin->metrics.Expect(config, *rule_set);
  spdlog::info("starting: {} workers, {} rules, rule set {}{}", config.workers,
               rule_set->rules().size(), rule_set->version(), log::About{.event = log::kStarted});

  life_signs.Waiting("asking the Kafka brokers for access");
  RETURN_IF_ERROR(CheckAccess(config, *rule_set, stop));
  if (stop.stop_requested()) return absl::OkStatus();
  std::optional<Backfill> backfill;
  if (options.backfill) {
    ASSIGN_OR_RETURN(backfill, PrepareBackfill(config, *options.backfill));
    spdlog::info("backfill: group {}", config.group);
  }
  ASSIGN_OR_RETURN(
      workers, KafkaWorkers::Connect(config, rule_set, &counters, backfill ? &*backfill : nullptr));
  reloader.Start([running = Running{.config_path = options.config_path,
                                    .config = config,
                                    .workers = workers.get(),
                                    .admin = admin.get(),
                                    .stop = stop,
                                    .rule_set = rule_set}]() mutable { Reload(&running); });
  StatusLine status_line;
  life_signs.Ready([&] { return workers->Progress(); },
                   [&] {
                     return status_line.Render(workers->Sum(), admin->reloads.Get().failure,
                                               StatusLine::Clock::now());
                   });
  admin->health.Started();

  const absl::Status status = workers->Run(stop);

  LogTotals(workers->Sum());
  return status;
}

}  // namespace tocsin
