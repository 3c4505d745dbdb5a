#include "daemon/config.h"

#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/config/loaded.h"
#include "rules/base/status_macros.h"

namespace tocsin {

absl::StatusOr<Config> LoadConfig(const std::string& path) {
  ASSIGN_OR_RETURN(LoadedConfig loaded, LoadConfigFiles(path));
  return std::move(loaded.config);
}

absl::StatusOr<Config> ParseConfig(const std::string& text, const std::string& file) {
  ASSIGN_OR_RETURN(LoadedConfig loaded, ReadConfigTexts({{file, text}}));
  return std::move(loaded.config);
}

std::vector<std::string> WebhookNames(const Config& config) {
  std::vector<std::string> names;
  for (const auto* const urls : {&config.notify.webhooks, &config.notify.webhook_url_files}) {
    for (const auto& [name, url] : *urls) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> OutputKafkaTopics(const Config& config, const rules::RuleSet& rule_set) {
  std::vector<std::string> kafka_topics;
  for (const rules::Topic& topic : rule_set.topics()) {
    kafka_topics.push_back(absl::StrReplaceAll(config.output, {{"{topic}", topic.name}}));
  }
  return kafka_topics;
}

absl::Status CheckNoLoop(const Config& config, const rules::RuleSet& rule_set) {
  for (const std::string& kafka_topic : OutputKafkaTopics(config, rule_set)) {
    if (std::count(config.input.begin(), config.input.end(), kafka_topic) > 0) {
      return absl::InvalidArgumentError(fmt::format(
          "Kafka topic {} is both input and output: its records would come back for ever",
          kafka_topic));
    }
  }
  return absl::OkStatus();
}

}  // namespace tocsin
