#include "daemon/config/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include "daemon/config/alert_options.h"
#include "daemon/config/notify_options.h"
#include "daemon/config/option_builders.h"
#include "pipeline/broker/settings.h"
#include "rules/base/status_macros.h"
#include "rules/match/ignored_lines.h"

namespace tocsin {
namespace {

constexpr size_t kKafkaTopicBytesMax = 249;
constexpr int64_t kBytesMax = int64_t{1} << 40;

using option::Choice;
using option::KafkaTopic;
using option::List;
using option::Map;
using option::Milliseconds;
using option::Number;
using option::Required;
using option::Section;
using option::Text;
using option::Unset;

std::vector<Option> WhereRecordsTravel() {
  Option output =
      KafkaTopic("output", &Config::output,
                 "The Kafka topic of what is published; {topic} is the subject.", "tagged.{topic}");
  output.has_placeholder = true;
  Option input =
      Required(List("input", &Config::input, "Kafka topics with article JSON.", "[news.raw]"));
  input.check_list = [](const std::vector<std::string>& kafka_topics) -> absl::Status {
    for (const std::string& each : kafka_topics) {  // a regex would be subscribed to, too
      if (!IsKafkaTopic(each))
        return absl::InvalidArgumentError(each + " cannot name a Kafka topic");
    }
    return absl::OkStatus();
  };
  Option mappings =
      Unset(Map("mappings", &Config::mappings,
                "How the articles of an input are read: its Kafka topic, and a preset or a mapping "
                "file (pipeline/decode/README.md). Presets: event-registry, flat, newsapi, "
                "news-please, ninjs, schema-org, trafilatura, webz.",
                "{wire.feed: flat}"),
            "every input is flat");
  mappings.check_entry = [](const std::string& name, const std::string& /*mapping*/,
                            bool /*is_hidden*/) -> absl::Status {
    if (IsKafkaTopic(name)) return absl::OkStatus();
    return absl::InvalidArgumentError(name + " cannot name a Kafka topic");
  };
  mappings.names = [] { return std::vector<std::string>(); };
  mappings.denied = mappings.names;
  return {
      Required(Text("brokers", &Config::brokers, "Kafka bootstrap servers, comma-separated.",
                    "kafka-1:9092,kafka-2:9092")),
      Required(Text("group", &Config::group,
                    "The consumer group: every worker of every machine that shares the load names "
                    "the same one.",
                    "tocsin")),
      std::move(input),
      std::move(mappings),
      Text("cluster", &Config::cluster,
           "A name for the Kafka cluster; part of every published record's identity (ce_id, "
           "ce_source).",
           "frankfurt"),
      std::move(output),
      KafkaTopic("dead_letter", &Config::dead_letter,
                 "The Kafka topic of what could not be read or matched.", "tagged.dead-letter"),
      Choice("format", &Config::format,
             {{"envelope", EncoderOptions::Format::kEnvelope},
              {"passthrough", EncoderOptions::Format::kPassthrough}},
             "envelope: the original within an object that says what was found. passthrough: the "
             "original, tags in headers."),
  };
}

std::vector<Option> HowRecordsAreTreated() {
  Option ignore_lines = Unset(List("ignore_lines", &Config::ignore_lines,
                                   "Regexes (PCRE2): lines in which one is found are not matched, "
                                   "as if they were blank.",
                                   "['^Also read:', '^READ MORE']"),
                              "every line is matched");
  ignore_lines.check_list = [](const std::vector<std::string>& regexes) {
    return rules::IgnoredLines::Compile(regexes).status();
  };
  return {
      Choice("delivery", &Config::delivery,
             {{"exactly_once", Delivery::kExactlyOnce}, {"at_least_once", Delivery::kAtLeastOnce}},
             "exactly_once: outputs, dead letters and offsets in one transaction. at_least_once: "
             "repeats after a failure."),
      Unset(Text("instance", &Config::instance,
                 "This process in the group; each needs another one.", "host-a"),
            "a hash of /etc/machine-id"),
      Choice("on_error", &Config::on_error,
             {{"dead_letter", OnError::kDeadLetter}, {"stop", OnError::kStop}},
             "A record that cannot be read or matched: dead_letter puts it there with the reason; "
             "stop ends the process."),
      Choice("tombstones", &Config::tombstones,
             {{"drop", OnTombstone::kDrop},
              {"pass", OnTombstone::kPass},
              {"dead_letter", OnTombstone::kDeadLetter}},
             "Records without a value: drop, pass (to every output, with their key), or "
             "dead_letter."),
      Unset(List("rules", &Config::rules,
                 "Rule files, or directories of them. Relative paths are taken from the working "
                 "directory; those of a rule's phrases_file from the directory of its own file.",
                 "[/usr/share/tocsin/rules, /etc/tocsin/rules]"),
            "the shipped catalog"),
      std::move(ignore_lines),
      Section("match", "Whether what is found is right."),
      Number(OptionType::kInteger, "match.cross_check_per_million",
             &Config::cross_check_per_million, 0, 10'000,
             "So many of a million articles, chosen by their text, are matched once more in a slow "
             "and plain way; what differs is counted and logged, and published as it was found.",
             "100"),
      Section("limits", "Larger records are dead letters."),
      Number(
          OptionType::kInteger, "limits.article_bytes_max",
          [](auto& config) -> auto& { return config.limits.bytes_max; }, 1, int64_t{1} << 30,
          "Bytes of a record's JSON.", "4194304"),
      Number(
          OptionType::kInteger, "limits.depth_max",
          [](auto& config) -> auto& { return config.limits.depth_max; }, 1, 1024,
          "Objects and arrays within each other.", "64"),
      Number(
          OptionType::kInteger, "limits.articles_max",
          [](auto& config) -> auto& { return config.limits.articles_max; }, 1, 1'000'000,
          "Articles in a record.", "100"),
      Number(
          OptionType::kInteger, "limits.html_depth_max",
          [](auto& config) -> auto& { return config.limits.html_depth_max; }, 1, 1024,
          "Elements within each other, in HTML.", "256"),
  };
}

std::vector<Option> HowTheProcessLives() {
  return {
      Number(OptionType::kInteger, "workers", &Config::workers, 1, 256,
             "Threads; each has its own consumer in the group and its own producer.", "4"),
      Number(OptionType::kBytes, "memory_budget", &Config::memory_budget,
             static_cast<int64_t>(kWorkerBytesMin), kBytesMax,
             "What waits to be matched or acknowledged, of all workers together; at least 32MiB "
             "each.",
             "2GiB"),
      Milliseconds("commit_interval_ms", &Config::commit_interval, 60'000,
                   "A commit is due after so long.", "250"),
      Number(OptionType::kInteger, "commit_records_max", &Config::commit_records_max, 1, 1'000'000,
             "A commit is due after so many records.", "10000"),
      Number(OptionType::kBytes, "commit_bytes_max", &Config::commit_bytes_max, 1, kBytesMax,
             "A commit is due after so many bytes of records.", "8MiB"),
      Text("http_listen", &Config::http_listen,
           "Where /metrics, /livez and /readyz are answered; off: nowhere.", "0.0.0.0:9464"),
      Milliseconds("drain_timeout_ms", &Config::drain_timeout, 600'000,
                   "How long a stop may take; what is not committed by then is given up and done "
                   "again by another.",
                   "60000"),
  };
}

std::vector<Option> WhatKafkaClientsAreTold() {
  Option kafka =
      Map("kafka", &Config::kafka,
          "librdkafka properties, for consumers and producers alike. Those that would run code, "
          "and those that delivery or bounded memory depends on, are refused.",
          "{security.protocol: ssl, ssl.ca.location: /etc/tocsin/ca.pem}");
  kafka.check_entry = [](const std::string& name, const std::string& value, bool is_hidden) {
    absl::Status status = broker::CheckProperties({{name, value}});
    if (status.ok() || !is_hidden) return status;
    RETURN_IF_ERROR(broker::CheckSecret(name));
    return absl::InvalidArgumentError(
        fmt::format("kafka property {}: librdkafka refuses its value", name));
  };
  kafka.is_secret = &broker::IsSecret;
  Option secrets =
      Map("kafka_secrets", &Config::kafka_secrets,
          "The same, by the file that holds the value; relative names are looked for in "
          "$CREDENTIALS_DIRECTORY (systemd: LoadCredential=).",
          "{sasl.password: kafka-password}");
  secrets.check_entry = [](const std::string& name, const std::string& /*file*/,
                           bool /*is_hidden*/) { return broker::CheckSecret(name); };
  for (Option* option : {&kafka, &secrets}) {
    option->names = &broker::AllowedProperties;
    option->denied = &broker::DeniedProperties;
  }
  return {std::move(kafka), std::move(secrets)};
}

}  // namespace

const std::vector<Option>& Options() {
  static const std::vector<Option> kOptions = [] {
    std::vector<Option> all;
    for (std::vector<Option> part :
         {WhereRecordsTravel(), HowRecordsAreTreated(), HowTheProcessLives(),
          WhatKafkaClientsAreTold(), HowAlertsAreMade(), HowAlertsAreNotified()}) {
      std::move(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
  }();
  return kOptions;
}

std::string_view NameOf(const Option& option) {
  const std::string_view key = option.key;
  return key.substr(key.find('.') + 1);
}

std::string_view SectionOf(const Option& option) {
  const std::string_view key = option.key;
  const size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string ToText(const Option& option, const Value& value) {
  if (const auto* const text = std::get_if<std::string>(&value)) return *text;
  if (const auto* const list = std::get_if<std::vector<std::string>>(&value)) {
    return fmt::format("[{}]", fmt::join(*list, ", "));
  }
  const int64_t number = std::get<int64_t>(value);
  if (option.type != OptionType::kBytes) return std::to_string(number);
  for (const auto& [unit, bits] : {std::pair("GiB", 30), {"MiB", 20}, {"KiB", 10}}) {
    if (number >> bits > 0 && number % (int64_t{1} << bits) == 0) {
      return fmt::format("{}{}", number >> bits, unit);
    }
  }
  return std::to_string(number);
}

bool IsEmpty(const Value& value) {
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, int64_t>) {
          return false;
        } else {
          return held.empty();
        }
      },
      value);
}

bool IsKafkaTopic(std::string_view name) {
  return !name.empty() && name.size() <= kKafkaTopicBytesMax && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace tocsin
