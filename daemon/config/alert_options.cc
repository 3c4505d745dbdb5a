#include "daemon/config/alert_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/config/option_builders.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int64_t kHoursMax = int64_t{24} * 30;

absl::Status CheckKafkaTopics(const std::vector<std::string>& kafka_topics) {
  for (const std::string& each : kafka_topics) {
    if (!IsKafkaTopic(each)) return absl::InvalidArgumentError(each + " cannot name a Kafka topic");
  }
  return absl::OkStatus();
}

std::vector<Option> WhereMentionsTravel() {
  Option input = option::List(
      "alert.input", [](auto& config) -> auto& { return config.alert.input; },
      "Kafka topics with tagged articles.", "[news.ceasefire, news.sanctions]");
  input.check_list = &CheckKafkaTopics;
  return {
      option::Section("alert", "tocsin alert: one alert a story."),
      option::Text(
          "alert.group", [](auto& config) -> auto& { return config.alert.group; },
          "The consumer group of those of whom one alerts and the others stand by.", "desk-alert"),
      std::move(input),
      option::KafkaTopic(
          "alert.output", [](auto& config) -> auto& { return config.alert.output; },
          "The Kafka topic of alerts, as CloudEvents in binary mode.", "desk.alerts"),
      option::KafkaTopic(
          "alert.state_kafka_topic",
          [](auto& config) -> auto& { return config.alert.state_kafka_topic; },
          "The Kafka topic of the articles that new ones are compared with; "
          "cleanup.policy=compact.",
          "desk.alerts.state"),
      option::KafkaTopic(
          "alert.lock_kafka_topic",
          [](auto& config) -> auto& { return config.alert.lock_kafka_topic; },
          "A Kafka topic of one partition, and no records: whoever is assigned it alerts.",
          "desk.alerts.lock"),
  };
}

std::vector<Option> WhatIsNews() {
  return {
      option::Number(
          OptionType::kInteger, "alert.window_hours",
          [](auto& config) -> auto& { return config.alert.window_hours; }, 1, kHoursMax,
          "How long an article is remembered, so that its copies are known for copies.", "72"),
      option::Number(
          OptionType::kInteger, "alert.max_age_hours",
          [](auto& config) -> auto& { return config.alert.max_age_hours; }, 1, kHoursMax,
          "A record stamped longer ago alerts nobody; at most window_hours.", "12"),
      option::Number(
          OptionType::kInteger, "alert.published_max_age_hours",
          [](auto& config) -> auto& { return config.alert.published_max_age_hours; }, 0,
          int64_t{24} * 366 * 10,
          "An article that says it was published longer ago alerts nobody; 0: whatever it says.",
          "168"),
  };
}

std::vector<Option> WhatIsQuiet() {
  Option when = option::Unset(
      option::List(
          "alert.when", [](auto& config) -> auto& { return config.alert.when; },
          "Only mentions that one of these holds for alert: each may name rules= (ceasefire.* for "
          "all that begin so), topics=, languages= and sources=, which must hold together; values "
          "are separated by commas, and stand in double quotes if they hold a space.",
          "['rules=ceasefire.agreed languages=en,fr', 'sources=\"Meridian Wire\"']"),
      "all alert");
  when.check_list = [](const std::vector<std::string>& conditions) {
    for (const std::string& each : conditions) RETURN_IF_ERROR(ParseAlertCondition(each).status());
    return absl::OkStatus();
  };
  Option mute = option::Unset(
      option::List(
          "alert.mute", [](auto& config) -> auto& { return config.alert.mute; },
          "Times (UTC) that are muted: `mon-fri 22:00-06:00`, every day `22:00-06:00`, or once, "
          "from/to in RFC 3339. A story first told then does not alert later either.",
          "['sat-sun 00:00-24:00', '2026-12-24T18:00:00Z/2026-12-26T06:00:00Z']"),
      "no time");
  mute.check_list = [](const std::vector<std::string>& windows) {
    for (const std::string& each : windows) RETURN_IF_ERROR(ParseMuteWindow(each).status());
    return absl::OkStatus();
  };
  return {std::move(when), std::move(mute)};
}

}  // namespace

std::vector<Option> HowAlertsAreMade() {
  std::vector<Option> all;
  for (std::vector<Option> part : {WhereMentionsTravel(), WhatIsNews(), WhatIsQuiet()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  all.push_back(option::Text(
      "alert.http_listen", [](auto& config) -> auto& { return config.alert.http_listen; },
      "As http_listen, of tocsin alert.", "0.0.0.0:9465"));
  return all;
}

absl::StatusOr<AlertSelection> SelectionOf(const AlertConfig& config) {
  AlertSelection selection;
  for (const std::string& each : config.when) {
    ASSIGN_OR_RETURN(selection.when.emplace_back(), ParseAlertCondition(each));
  }
  for (const std::string& each : config.mute) {
    ASSIGN_OR_RETURN(selection.mute.emplace_back(), ParseMuteWindow(each));
  }
  return selection;
}

std::vector<AlertFault> FindAlertFaults(const Config& config) {
  const AlertConfig& alert = config.alert;
  std::vector<AlertFault> faults;
  if (alert.max_age_hours > alert.window_hours) {
    faults.push_back({"alert.max_age_hours",
                      fmt::format("max_age_hours {} is more than window_hours {}: what is not "
                                  "remembered any more would alert again",
                                  alert.max_age_hours, alert.window_hours)});
  }
  const std::pair<const char*, const std::string*> own[] = {
      {"alert.output", &alert.output},
      {"alert.state_kafka_topic", &alert.state_kafka_topic},
      {"alert.lock_kafka_topic", &alert.lock_kafka_topic}};
  for (const auto& [key, kafka_topic] : own) {
    const bool is_input = std::count(alert.input.begin(), alert.input.end(), *kafka_topic) > 0 ||
                          std::count(config.input.begin(), config.input.end(), *kafka_topic) > 0;
    const auto uses = std::count_if(std::begin(own), std::end(own),
                                    [&](const auto& each) { return *each.second == *kafka_topic; });
    if (is_input || uses > 1 || *kafka_topic == config.dead_letter) {
      faults.push_back({key, fmt::format("{} is used for something else, too", *kafka_topic)});
    }
  }
  if (alert.group == config.group) {
    faults.push_back({"alert.group", "group has the same name: their offsets would mix"});
  }
  return faults;
}

}  // namespace tocsin
