#include "daemon/alert.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "daemon/admin.h"
#include "daemon/client_settings.h"
#include "daemon/config/alert_options.h"
#include "daemon/life_signs.h"
#include "daemon/mappings.h"
#include "daemon/signals.h"
#include "pipeline/alert/leader.h"
#include "pipeline/broker/access.h"
#include "pipeline/broker/topic_config.h"
#include "pipeline/log.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int64_t kMsAnHour = 3'600'000;
// What is published inside of the envelope was within the limits once; written anew it may be
// somewhat larger.
constexpr size_t kArticleGrowth = 2;
constexpr size_t kDepthMax = 1024;

Config OwnConfig(Config config) {
  config.group = config.alert.group;
  config.http_listen = config.alert.http_listen;
  config.workers = 1;
  return config;
}

absl::Status CheckAccess(const Config& config, const broker::ClientSettings& client,
                         const std::stop_token& stop) {
  broker::Access access{.read = config.alert.input,
                        .written = {config.alert.output, config.dead_letter}};
  access.read.push_back(config.alert.lock_kafka_topic);
  access.read.push_back(config.alert.state_kafka_topic);
  return broker::CheckAccess(client, access, stop);
}

absl::Status CreateIt(const std::string& kafka_topic, std::string_view why,
                      std::string_view options) {
  return absl::FailedPreconditionError(
      fmt::format("Kafka topic {} {}\n  kafka-topics.sh --create --topic {} {}", kafka_topic, why,
                  kafka_topic, options));
}

absl::Status CheckLock(const broker::ClientSettings& client, const std::string& kafka_topic) {
  constexpr char kOptions[] = "--partitions 1";
  const absl::StatusOr<broker::TopicSetup> setup = broker::AskTopicSetup(client, kafka_topic);
  if (absl::IsNotFound(setup.status())) return CreateIt(kafka_topic, "does not exist", kOptions);
  RETURN_IF_ERROR(setup.status());
  if (setup->partitions == 1) return absl::OkStatus();
  return CreateIt(kafka_topic,
                  fmt::format("has {} partitions; the lock must have one: delete it, or name "
                              "another as alert.lock_kafka_topic",
                              setup->partitions),
                  kOptions);
}

absl::Status CheckState(const broker::ClientSettings& client, const std::string& kafka_topic) {
  const absl::StatusOr<broker::TopicSetup> setup = broker::AskTopicSetup(client, kafka_topic);
  if (absl::IsNotFound(setup.status())) {
    return CreateIt(kafka_topic, "does not exist",
                    "--partitions 1 --config cleanup.policy=compact");
  }
  RETURN_IF_ERROR(setup.status());
  if (setup->cleanup_policy.empty()) {
    spdlog::warn("Kafka topic {}: we may not see whether cleanup.policy is compact", kafka_topic);
    return absl::OkStatus();
  }
  if (setup->cleanup_policy == "compact") return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("Kafka topic {} has cleanup.policy={}: what it deletes would alert again\n"
                  "  kafka-configs.sh --alter --topic {} --add-config cleanup.policy=compact",
                  kafka_topic, setup->cleanup_policy, kafka_topic));
}

absl::StatusOr<LeaderOptions> LeaderOptionsOf(const Config& config,
                                              const broker::ClientSettings& client) {
  LeaderOptions options{.client = client,
                        .lock_kafka_topic = config.alert.lock_kafka_topic,
                        .dead_letter_kafka_topic = config.dead_letter,
                        .input = config.alert.input,
                        // The same for all: it fences whoever is slow to see that it is not active.
                        .transactional_id = config.group + ".active",
                        .alerts = {},
                        .worker = {.commit_interval = config.commit_interval,
                                   .commit_records_max = config.commit_records_max,
                                   .commit_bytes_max = config.commit_bytes_max}};
  ASSIGN_OR_RETURN(options.alerts, AlertOptionsOf(config));
  return options;
}

// By the name in what is published: one of ours, or a preset.
absl::StatusOr<std::function<std::shared_ptr<const Mapping>(const std::string&)>> MappingsOf(
    const Config& config) {
  ASSIGN_OR_RETURN(const Mappings mappings, LoadMappings(config.mappings));
  std::map<std::string, std::shared_ptr<const Mapping>> by_name;
  for (const auto& [kafka_topic, mapping] : mappings) by_name[mapping->spec().name] = mapping;
  return [by_name](const std::string& name) -> std::shared_ptr<const Mapping> {
    const auto found = by_name.find(name);
    if (found != by_name.end()) return found->second->OfOneArticle();
    // Whoever can write to the inputs is not to choose what file of ours is read.
    if (name.find('/') != std::string::npos || name.ends_with(".yaml")) return nullptr;
    const auto preset = LoadMapping(name);
    return preset.ok() ? (*preset)->OfOneArticle() : nullptr;
  };
}

std::string StatusOf(const Counters& counters) {
  return fmt::format("{}; {} articles in the window",
                     counters.alert_is_active.value() != 0 ? "active" : "standing by",
                     counters.window_articles.value());
}

}  // namespace

absl::StatusOr<AlertOptions> AlertOptionsOf(const Config& config) {
  const AlertConfig& alert = config.alert;
  AlertOptions options{
      .cluster = config.cluster,
      .kafka_topic = alert.output,
      .state_kafka_topic = alert.state_kafka_topic,
      .window_ms = alert.window_hours * kMsAnHour,
      .max_age_ms = alert.max_age_hours * kMsAnHour,
      .published_max_age_ms = alert.published_max_age_hours * kMsAnHour,
      .selection = {},
      .limits = {.bytes_max = config.limits.bytes_max * kArticleGrowth, .depth_max = kDepthMax}};
  ASSIGN_OR_RETURN(options.selection, SelectionOf(alert));
  ASSIGN_OR_RETURN(options.mapping_of, MappingsOf(config));
  return options;
}

absl::Status Alert(const std::string& config_path) {
  // In the order of their dependence: each outlives those who watch it.
  std::vector<Counters> counters(1);
  std::unique_ptr<Leader> leader;
  std::unique_ptr<Admin> admin;
  Signals signals;  // before other threads: they inherit the mask
  const std::stop_token stop = signals.stop_token();
  ASSIGN_OR_RETURN(const Config whole, LoadConfig(config_path));
  if (whole.format == EncoderOptions::Format::kPassthrough) {
    return absl::FailedPreconditionError(
        "format: passthrough has no evidence, and alerts are made of it; use format: envelope");
  }
  const Config config = OwnConfig(whole);
  signals.EndAfter(config.drain_timeout);
  LifeSigns life_signs(stop, "starting");
  admin = std::make_unique<Admin>(config, &counters, stop);
  RETURN_IF_ERROR(admin->Listen(config.http_listen));
  admin->metrics.ExpectAlerts(config);
  spdlog::info("starting: group {}{}", config.group, log::About{.event = log::kStarted});

  life_signs.Waiting("asking the Kafka brokers for access");
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  RETURN_IF_ERROR(CheckAccess(config, client, stop));
  if (stop.stop_requested()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckLock(client, config.alert.lock_kafka_topic));
  RETURN_IF_ERROR(CheckState(client, config.alert.state_kafka_topic));
  ASSIGN_OR_RETURN(LeaderOptions options, LeaderOptionsOf(config, client));
  ASSIGN_OR_RETURN(leader, Leader::Connect(std::move(options), counters.data()));
  life_signs.Ready([&] { return std::vector<uint64_t>{counters.front().turns.value()}; },
                   [&] { return StatusOf(counters.front()); });
  admin->health.Started();

  const absl::Status status = leader->Run(stop);

  spdlog::info("stopped: {} consumed, {} dead letters{}", counters.front().consumed.Total(),
               counters.front().dead_lettered.Total(), log::About{.event = log::kStopped});
  return status;
}

}  // namespace tocsin
