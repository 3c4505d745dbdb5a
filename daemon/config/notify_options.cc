#include "daemon/config/notify_options.h"

#include <absl/status/status.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/config/option_builders.h"
#include "pipeline/notify/webhook.h"

namespace tocsin {
namespace {

constexpr size_t kNameBytesMax = 63;
// While a post is under way the worker does not show that it lives: readiness allows 30 s of that.
constexpr int64_t kTimeoutMsMax = 25'000;
constexpr int64_t kDeadlineMsMax =
    43'200'000;  // librdkafka lets a member be silent for a day at most

// It is part of a consumer group's name and a label.
absl::Status CheckName(const std::string& name) {
  const bool is_name =
      name.size() <= kNameBytesMax && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (is_name) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} cannot name a webhook: lower-case letters, digits and hyphens do", name));
}

absl::Status CheckUrl(const std::string& name, const std::string& url, bool /*is_hidden*/) {
  const absl::Status status = CheckName(name);
  return status.ok() ? CheckWebhookUrl(url) : status;
}

absl::Status CheckKafkaTopics(const std::vector<std::string>& kafka_topics) {
  for (const std::string& each : kafka_topics) {
    if (!IsKafkaTopic(each)) return absl::InvalidArgumentError(each + " cannot name a Kafka topic");
  }
  return absl::OkStatus();
}

std::vector<Option> WhereAlertsGo() {
  Option webhooks = option::Map(
      "notify.webhooks", [](auto& config) -> auto& { return config.notify.webhooks; },
      "Receivers of alerts, by name: URLs that each alert is posted to. They are not "
      "shown: a path or a query may be what authorizes.",
      "{desk: 'https://desk.example/alerts'}");
  webhooks.check_entry = &CheckUrl;
  webhooks.is_secret = [](std::string_view /*name*/) { return true; };
  Option url_files = option::Map(
      "notify.webhook_url_files",
      [](auto& config) -> auto& { return config.notify.webhook_url_files; },
      "More webhooks, by the file that holds the URL; relative names are looked for in "
      "$CREDENTIALS_DIRECTORY (systemd: LoadCredential=).",
      "{slack: slack-url}");
  Option secrets = option::Map(
      "notify.webhook_secrets", [](auto& config) -> auto& { return config.notify.webhook_secrets; },
      "By webhook, the file with the keys that its posts are signed with: whsec_ and base64, one a "
      "line. Relative names as in notify.webhook_url_files.",
      "{desk: webhook-desk}");
  secrets.unset = "posts are not signed";
  for (Option* option : {&url_files, &secrets}) {
    option->check_entry = [](const std::string& name, const std::string& /*file*/,
                             bool /*is_hidden*/) { return CheckName(name); };
  }
  for (Option* option : {&webhooks, &url_files, &secrets}) {
    option->names = [] { return std::vector<std::string>(); };
    option->denied = [] { return std::vector<std::string>(); };
  }
  return {std::move(webhooks), std::move(url_files), std::move(secrets)};
}

}  // namespace

std::vector<Option> HowAlertsAreNotified() {
  Option kafka_topics = option::List(
      "notify.kafka_topics", [](auto& config) -> auto& { return config.notify.kafka_topics; },
      "Kafka topics with alerts, as CloudEvents in binary mode.", "[desk.alerts]");
  kafka_topics.check_list = &CheckKafkaTopics;
  std::vector<Option> all = {
      option::Section("notify", "tocsin notify: posts alerts to webhooks."),
      option::Text(
          "notify.group", [](auto& config) -> auto& { return config.notify.group; },
          "Consumer groups: each webhook's is <group>.<name>.", "desk-notify"),
      std::move(kafka_topics)};
  for (Option& each : WhereAlertsGo()) all.push_back(std::move(each));
  all.push_back(option::Milliseconds(
      "notify.timeout_ms", [](auto& config) -> auto& { return config.notify.timeout; },
      kTimeoutMsMax, "How long a receiver may take to answer a post.", "5000"));
  all.push_back(option::Milliseconds(
      "notify.deadline_ms", [](auto& config) -> auto& { return config.notify.deadline; },
      kDeadlineMsMax,
      "How long an alert is posted again after failures, from its first post; then it is a dead "
      "letter. Those behind it wait.",
      "300000"));
  all.push_back(option::Unset(
      option::Text(
          "notify.ca_file", [](auto& config) -> auto& { return config.notify.ca_file; },
          "Certificates, as PEM, of the authorities that receivers are verified by.",
          "/etc/tocsin/ca.pem"),
      "the system's"));
  all.push_back(
      option::Unset(option::Text(
                        "notify.proxy", [](auto& config) -> auto& { return config.notify.proxy; },
                        "Proxy for posts; variables such as https_proxy are not looked at.",
                        "http://proxy.example:3128"),
                    "none"));
  all.push_back(option::Text(
      "notify.http_listen", [](auto& config) -> auto& { return config.notify.http_listen; },
      "As http_listen, of tocsin notify.", "0.0.0.0:9466"));
  return all;
}

std::vector<NotifyFault> FindNotifyFaults(const Config& config) {
  const NotifyConfig& notify = config.notify;
  std::vector<NotifyFault> faults;
  const std::vector<std::string> names = WebhookNames(config);
  for (const auto& [name, file] : notify.webhook_url_files) {
    if (!notify.webhooks.contains(name)) continue;
    faults.push_back({"notify.webhook_url_files." + name,
                      fmt::format("{} is set under notify.webhooks, too", name)});
  }
  for (const auto& [name, file] : notify.webhook_secrets) {
    if (std::binary_search(names.begin(), names.end(), name)) continue;
    faults.push_back({"notify.webhook_secrets." + name,
                      fmt::format("{} is no webhook: notify.webhooks does not have it", name)});
  }
  if (std::count(notify.kafka_topics.begin(), notify.kafka_topics.end(), config.dead_letter) > 0) {
    faults.push_back({"notify.kafka_topics",
                      fmt::format("dead_letter {} is among them: alerts would come back for ever",
                                  config.dead_letter)});
  }
  if (!names.empty() && config.memory_budget / names.size() < kWorkerBytesMin) {
    faults.push_back({"memory_budget",
                      fmt::format("memory_budget is less than 32MiB for each of the {} webhooks",
                                  names.size())});
  }
  return faults;
}

}  // namespace tocsin
