#include "daemon/webhooks.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

#include "daemon/admin.h"
#include "daemon/client_settings.h"
#include "daemon/config.h"
#include "daemon/life_signs.h"
#include "daemon/signals.h"
#include "daemon/worker_group.h"
#include "pipeline/broker/access.h"
#include "pipeline/broker/extents.h"
#include "pipeline/consume/kafka_source.h"
#include "pipeline/log.h"
#include "pipeline/notify/notify_handler.h"
#include "pipeline/publish/at_least_once_sink.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

// Between two polls lie an alert's posts, its dead letter and the commit of its offset.
constexpr milliseconds kPollMargin{300'000};
constexpr int kGroupStartsMax = 3;
constexpr milliseconds kGroupStartPause{1000};

// One of the configured webhooks, and the alerts that it is to get.
class Receiver {
 public:
  Receiver(const Config& config, std::string name, int task_id)
      : config_(config), name_(std::move(name)), task_id_(task_id) {}

  absl::Status Prepare(const std::stop_token& stop);
  absl::StatusOr<std::unique_ptr<WorkerGroup::Member>> Connect(const std::stop_token& stop,
                                                               Counters* counters);

 private:
  absl::Status ReadSettings();
  absl::Status StartGroup(const std::stop_token& stop) const;
  absl::StatusOr<std::unique_ptr<Webhook>> MakeWebhook() const;

  const Config& config_;
  const std::string name_;
  const int task_id_;
  broker::ClientSettings client_;
  std::string url_;
  std::unique_ptr<Webhook> webhook_;
};

// False if a stop came first.
bool Sleep(milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

absl::Status Receiver::ReadSettings() {
  ASSIGN_OR_RETURN(client_, ClientSettingsOf(config_));
  client_.group = fmt::format("{}.{}", config_.notify.group, name_);
  client_.properties["max.poll.interval.ms"] =
      std::to_string((config_.notify.deadline + kPollMargin).count());
  // Of a partition that comes later.
  client_.properties["auto.offset.reset"] = "earliest";
  const auto file = config_.notify.webhook_url_files.find(name_);
  if (file == config_.notify.webhook_url_files.end()) {
    url_ = config_.notify.webhooks.at(name_);
    return absl::OkStatus();
  }
  const std::string key = "notify.webhook_url_files: " + name_;
  ASSIGN_OR_RETURN(url_, ReadSecret(key, file->second));
  const absl::Status status = CheckWebhookUrl(url_);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{}: {}: {}", key, file->second, std::string(status.message())));
}

absl::StatusOr<std::unique_ptr<Webhook>> Receiver::MakeWebhook() const {
  const NotifyConfig& notify = config_.notify;
  SigningKeys keys;
  const auto secret = notify.webhook_secrets.find(name_);
  if (secret != notify.webhook_secrets.end()) {
    const std::string key = "notify.webhook_secrets: " + name_;
    ASSIGN_OR_RETURN(const std::string text, ReadSecret(key, secret->second));
    absl::StatusOr<SigningKeys> parsed = SigningKeys::Parse(text);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("{}: {}: {}", key, secret->second, std::string(parsed.status().message())));
    }
    keys = *std::move(parsed);
  }
  return Webhook::Create({.name = name_,
                          .url = url_,
                          .keys = std::move(keys),
                          .timeout = notify.timeout,
                          .ca_file = notify.ca_file,
                          .proxy = notify.proxy,
                          .user_agent = "tocsin/" TOCSIN_VERSION});
}

absl::Status Receiver::Prepare(const std::stop_token& stop) {
  RETURN_IF_ERROR(ReadSettings());
  ASSIGN_OR_RETURN(webhook_, MakeWebhook());
  RETURN_IF_ERROR(broker::CheckAccess(
      client_, {.read = config_.notify.kafka_topics, .written = {config_.dead_letter}}, stop));
  return stop.stop_requested() ? absl::OkStatus() : StartGroup(stop);
}

// From then on what is committed says where to go on, whenever a process dies.
absl::Status Receiver::StartGroup(const std::stop_token& stop) const {
  const int64_t from_ms =
      absl::ToUnixMillis(absl::Now() - absl::FromChrono(config_.notify.deadline));
  const auto extents = broker::ExtentsNow(client_, config_.notify.kafka_topics, from_ms);
  if (absl::IsNotFound(extents.status())) {
    spdlog::warn("{}; it is read from its beginning once it is there",
                 std::string(extents.status().message()));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(extents.status());
  for (int tries = 1;; ++tries) {
    absl::Status status = broker::StartGroup(client_, *extents);
    if (!absl::IsAborted(status)) return status;
    // A member that runs has begun already.
    if (tries == kGroupStartsMax || !Sleep(kGroupStartPause, stop)) return absl::OkStatus();
  }
}

absl::StatusOr<std::unique_ptr<WorkerGroup::Member>> Receiver::Connect(const std::stop_token& stop,
                                                                       Counters* counters) {
  auto member = std::make_unique<WorkerGroup::Member>();
  member->counters = counters;
  // One at a time: the next is polled for when this one is done, however long that takes.
  ASSIGN_OR_RETURN(
      member->source,
      KafkaSource::Connect(
          {.client = client_, .kafka_topics = config_.notify.kafka_topics, .records_max = 1},
          counters));
  ASSIGN_OR_RETURN(member->sink, AtLeastOnceSink::Connect({.client = client_,
                                                           .kafka_topics = {config_.dead_letter},
                                                           .transactional_id = ""},
                                                          config_.dead_letter, counters));
  auto handler = std::make_unique<NotifyHandler>(
      NotifyOptions{.webhook = name_,
                    .origin = WebhookOrigin(url_),
                    .task_id = task_id_,
                    .retry = {.deadline = config_.notify.deadline},
                    .wait = [stop](milliseconds time) { return Sleep(time, stop); }},
      webhook_.get(), member->sink.get(), counters);
  member->worker = std::make_unique<Worker>(
      WorkerOptions{.task_id = task_id_,
                    .commit_interval = config_.commit_interval,
                    .commit_records_max = 1,
                    .commit_bytes_max = config_.commit_bytes_max},
      member->source.get(), member->sink.get(), std::move(handler), counters);
  return member;
}

std::string StatusOf(const std::vector<Counters>& counters, const Totals& totals) {
  uint64_t delivered = 0;
  std::string failing;
  for (const Counters& worker : counters) {
    for (const auto& [key, count] : worker.webhook_alerts.Snapshot()) {
      if (key[1] == "delivered") delivered += count;
    }
    for (const auto& [key, since_ms] : worker.webhook_retrying_since_ms.Snapshot()) {
      if (since_ms != 0) failing += (failing.empty() ? "; RETRYING: " : ", ") + key[0];
    }
  }
  return fmt::format("{} alerts delivered, lag {}; {} dead letters{}", delivered, totals.lag,
                     totals.dead_lettered, failing);
}

absl::StatusOr<Config> LoadNotifyConfig(const std::string& path) {
  ASSIGN_OR_RETURN(Config config, LoadConfig(path));
  const size_t webhooks = WebhookNames(config).size();
  if (webhooks == 0) {
    return absl::InvalidArgumentError(fmt::format(
        "{}: notify.webhooks is missing: names and URLs of those to post alerts to", path));
  }
  config.workers = static_cast<int>(webhooks);
  return config;
}

}  // namespace

absl::Status NotifyWebhooks(const std::string& config_path) {
  // In the order of their dependence: each outlives those who use it.
  Config config;
  std::vector<Counters> counters;
  std::vector<Receiver> receivers;
  WorkerGroup workers;
  std::unique_ptr<Admin> admin;
  Signals signals;  // before other threads: they inherit the mask
  const std::stop_token stop = signals.stop_token();
  ASSIGN_OR_RETURN(config, LoadNotifyConfig(config_path));
  signals.EndAfter(config.drain_timeout);
  LifeSigns life_signs(stop, "reading the configuration");
  counters = std::vector<Counters>(config.workers);
  admin = std::make_unique<Admin>(config, &counters, stop);
  admin->metrics.ExpectWebhooks(config);
  RETURN_IF_ERROR(admin->Listen(config.notify.http_listen));
  spdlog::info("starting: {} webhooks{}", counters.size(), log::About{.event = log::kStarted});

  life_signs.Waiting("asking the Kafka brokers for access");
  receivers.reserve(counters.size());
  for (const std::string& name : WebhookNames(config)) {
    receivers.emplace_back(config, name, static_cast<int>(receivers.size()));
    RETURN_IF_ERROR(receivers.back().Prepare(stop));
  }
  if (stop.stop_requested()) return absl::OkStatus();
  for (size_t i = 0; i < receivers.size(); ++i) {
    ASSIGN_OR_RETURN(auto member, receivers[i].Connect(workers.stop_token(), &counters[i]));
    workers.Add(std::move(member));
  }
  life_signs.Ready([&] { return workers.Progress(); },
                   [&] { return StatusOf(counters, workers.Sum()); });
  admin->health.Started();

  const absl::Status status = workers.Run(stop);

  spdlog::info("stopped: {}{}", StatusOf(counters, workers.Sum()),
               log::About{.event = log::kStopped});
  return status;
}

}  // namespace tocsin
