#include "daemon/config.h"

#include <absl/strings/str_replace.h>
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string_view>

#include "pipeline/broker/settings.h"
#include "rules/base/status_macros.h"
#include "rules/match/ignored_lines.h"

namespace tocsin {
namespace {

constexpr size_t kKafkaTopicBytesMax = 249;
constexpr size_t kBytesMax = size_t{1} << 40;
constexpr size_t kWorkerBytesMin = size_t{32} << 20;

bool IsKafkaTopic(std::string_view name) {
  return !name.empty() && name.size() <= kKafkaTopicBytesMax && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

// Reads one document into a Config; errors gather, so that a file is mended in one go.
class Reader {
 public:
  Reader(std::string file, Config* config) : file_(std::move(file)), config_(config) {}

  void ReadRoot(const YAML::Node& root);
  absl::Status status() const;

 private:
  struct Key {
    std::string_view name;
    std::function<void(const YAML::Node&)> read;
    bool is_required = false;
  };

  void Complain(const YAML::Mark& mark, std::string_view what);
  void ReadMap(const YAML::Node& map, const std::vector<Key>& keys);

  void ReadText(const YAML::Node& node, std::string* text);
  void ReadKafkaTopic(const YAML::Node& node, std::string* kafka_topic);
  void ReadList(const YAML::Node& node, std::vector<std::string>* list);
  template <typename Enum>
  void ReadChoice(const YAML::Node& node,
                  const std::vector<std::pair<std::string_view, Enum>>& choices, Enum* choice);
  void ReadBytes(const YAML::Node& node, size_t min, size_t* bytes);
  void ReadProperties(const YAML::Node& node, std::map<std::string, std::string>* properties);
  void ReadSecrets(const YAML::Node& node);
  template <typename Integer>
  void ReadInteger(const YAML::Node& node, Integer min, Integer max, Integer* number);
  void ReadMilliseconds(const YAML::Node& node, int64_t max, std::chrono::milliseconds* time);

  std::string file_;
  Config* config_;
  std::vector<std::string> errors_;
};

void Reader::ReadRoot(const YAML::Node& root) {
  Config& config = *config_;
  ReadMap(root,
          {
              {"brokers", [&](const auto& node) { ReadText(node, &config.brokers); }, true},
              {"group", [&](const auto& node) { ReadText(node, &config.group); }, true},
              {"input", [&](const auto& node) { ReadList(node, &config.input); }, true},
              {"cluster", [&](const auto& node) { ReadText(node, &config.cluster); }},
              {"output", [&](const auto& node) { ReadKafkaTopic(node, &config.output); }},
              {"dead_letter", [&](const auto& node) { ReadKafkaTopic(node, &config.dead_letter); }},
              {"format",
               [&](const auto& node) {
                 ReadChoice<EncoderOptions::Format>(
                     node,
                     {{"envelope", EncoderOptions::Format::kEnvelope},
                      {"passthrough", EncoderOptions::Format::kPassthrough}},
                     &config.format);
               }},
              {"delivery",
               [&](const auto& node) {
                 ReadChoice<Delivery>(node,
                                      {{"exactly_once", Delivery::kExactlyOnce},
                                       {"at_least_once", Delivery::kAtLeastOnce}},
                                      &config.delivery);
               }},
              {"instance", [&](const auto& node) { ReadText(node, &config.instance); }},
              {"on_error",
               [&](const auto& node) {
                 ReadChoice<OnError>(
                     node, {{"dead_letter", OnError::kDeadLetter}, {"stop", OnError::kStop}},
                     &config.on_error);
               }},
              {"tombstones",
               [&](const auto& node) {
                 ReadChoice<OnTombstone>(node,
                                         {{"drop", OnTombstone::kDrop},
                                          {"pass", OnTombstone::kPass},
                                          {"dead_letter", OnTombstone::kDeadLetter}},
                                         &config.tombstones);
               }},
              {"workers", [&](const auto& node) { ReadInteger(node, 1, 256, &config.workers); }},
              {"memory_budget",
               [&](const auto& node) { ReadBytes(node, kWorkerBytesMin, &config.memory_budget); }},
              {"commit_records_max",
               [&](const auto& node) {
                 ReadInteger<size_t>(node, 1, 1'000'000, &config.commit_records_max);
               }},
              {"commit_bytes_max",
               [&](const auto& node) { ReadBytes(node, 1, &config.commit_bytes_max); }},
              {"commit_interval_ms",
               [&](const auto& node) { ReadMilliseconds(node, 60'000, &config.commit_interval); }},
              {"rules", [&](const auto& node) { ReadList(node, &config.rules); }},
              {"ignore_lines",
               [&](const auto& node) {
                 ReadList(node, &config.ignore_lines);
                 const auto ignored = rules::IgnoredLines::Compile(config.ignore_lines);
                 if (!ignored.ok()) Complain(node.Mark(), std::string(ignored.status().message()));
               }},
              {"http_listen", [&](const auto& node) { ReadText(node, &config.http_listen); }},
              {"drain_timeout_ms",
               [&](const auto& node) { ReadMilliseconds(node, 600'000, &config.drain_timeout); }},
              {"limits",
               [&](const auto& node) {
                 ReadMap(node, {
                                   {"article_bytes_max",
                                    [&](const auto& each) {
                                      ReadInteger<size_t>(each, 1, size_t{1} << 30,
                                                          &config.limits.bytes_max);
                                    }},
                                   {"depth_max",
                                    [&](const auto& each) {
                                      ReadInteger<size_t>(each, 1, 1024, &config.limits.depth_max);
                                    }},
                               });
               }},
              {"kafka", [&](const auto& node) { ReadProperties(node, &config.kafka); }},
              {"kafka_secrets", [&](const auto& node) { ReadSecrets(node); }},
          });
}

absl::Status Reader::status() const {
  if (errors_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{}", fmt::join(errors_, "\n")));
}

void Reader::Complain(const YAML::Mark& mark, std::string_view what) {
  const bool is_known = !mark.is_null();
  errors_.push_back(fmt::format("{}:{}:{}: {}", file_, is_known ? mark.line + 1 : 1,
                                is_known ? mark.column + 1 : 1, what));
}

void Reader::ReadMap(const YAML::Node& map, const std::vector<Key>& keys) {
  if (!map.IsMap()) return Complain(map.Mark(), "expected keys with values");
  std::set<std::string, std::less<>> seen;
  for (const auto& entry : map) {
    const std::string& name = entry.first.Scalar();
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const Key& each) { return each.name == name; });
    if (key == keys.end()) {
      Complain(entry.first.Mark(), fmt::format("unknown key {}", name));
    } else if (!seen.insert(name).second) {
      Complain(entry.first.Mark(), fmt::format("{} is set twice", name));
    } else {
      key->read(entry.second);
    }
  }
  for (const Key& key : keys) {
    if (key.is_required && !seen.contains(key.name)) {
      Complain(map.Mark(), fmt::format("{} is missing", key.name));
    }
  }
}

void Reader::ReadText(const YAML::Node& node, std::string* text) {
  if (!node.IsScalar() || node.Scalar().empty()) return Complain(node.Mark(), "expected text");
  *text = node.Scalar();
}

void Reader::ReadKafkaTopic(const YAML::Node& node, std::string* kafka_topic) {
  ReadText(node, kafka_topic);
  if (!IsKafkaTopic(absl::StrReplaceAll(*kafka_topic, {{"{topic}", "topic"}}))) {
    Complain(node.Mark(), fmt::format("{} cannot name a Kafka topic", *kafka_topic));
  }
}

void Reader::ReadList(const YAML::Node& node, std::vector<std::string>* list) {
  if (!node.IsSequence() || node.size() == 0) {
    return Complain(node.Mark(), "expected a list, such as [one, two]");
  }
  list->clear();
  for (const auto& each : node) ReadText(each, &list->emplace_back());
}

template <typename Enum>
void Reader::ReadChoice(const YAML::Node& node,
                        const std::vector<std::pair<std::string_view, Enum>>& choices,
                        Enum* choice) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (node.IsScalar() && node.Scalar() == name) {
      *choice = value;
      return;
    }
    names += fmt::format("{}{}", names.empty() ? "" : " or ", name);
  }
  Complain(node.Mark(), fmt::format("expected {}", names));
}

void Reader::ReadBytes(const YAML::Node& node, size_t min, size_t* bytes) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  int shift = -1;
  for (const auto& [name, bits] : {std::pair("", 0), {"KiB", 10}, {"MiB", 20}, {"GiB", 30}}) {
    if (std::string_view(unit, end - unit) == name) shift = bits;
  }
  if (error != std::errc() || shift < 0 || number > (kBytesMax >> shift) ||
      (number << shift) < min) {
    return Complain(node.Mark(),
                    fmt::format("expected bytes, such as 256MiB or 1GiB, of at least {}", min));
  }
  *bytes = number << shift;
}

void Reader::ReadProperties(const YAML::Node& node,
                            std::map<std::string, std::string>* properties) {
  if (!node.IsMap()) return Complain(node.Mark(), "expected keys with values");
  for (const auto& entry : node) {
    const std::string& name = entry.first.Scalar();
    std::string value;
    ReadText(entry.second, &value);
    if (!properties->emplace(name, value).second) {
      Complain(entry.first.Mark(), fmt::format("{} is set twice", name));
    }
    const absl::Status status = broker::CheckProperties({{name, value}});
    if (!status.ok()) Complain(entry.first.Mark(), std::string(status.message()));
  }
}

void Reader::ReadSecrets(const YAML::Node& node) {
  if (!node.IsMap()) return Complain(node.Mark(), "expected properties, each with a file");
  for (const auto& entry : node) {
    const std::string& name = entry.first.Scalar();
    ReadText(entry.second, &config_->kafka_secrets[name]);
    const absl::Status status = broker::CheckSecret(name);
    if (!status.ok()) Complain(entry.first.Mark(), std::string(status.message()));
    if (config_->kafka.contains(name)) {
      Complain(entry.first.Mark(), fmt::format("{} is set under kafka, too", name));
    }
  }
}

template <typename Integer>
void Reader::ReadInteger(const YAML::Node& node, Integer min, Integer max, Integer* number) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  Integer read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc() || end != text.data() + text.size() || read < min || read > max) {
    return Complain(node.Mark(), fmt::format("expected a whole number from {} to {}", min, max));
  }
  *number = read;
}

void Reader::ReadMilliseconds(const YAML::Node& node, int64_t max,
                              std::chrono::milliseconds* time) {
  int64_t number = time->count();
  ReadInteger<int64_t>(node, 1, max, &number);
  *time = std::chrono::milliseconds(number);
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const std::string& text, const std::string& file) {
  Config config;
  Reader reader(file, &config);
  try {
    reader.ReadRoot(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        fmt::format("{}:{}:{}: {}", file, error.mark.line + 1, error.mark.column + 1, error.msg));
  }
  RETURN_IF_ERROR(reader.status());
  if (std::count(config.input.begin(), config.input.end(), config.dead_letter) > 0) {
    return absl::InvalidArgumentError(
        fmt::format("{}: dead_letter {} is also an input: its records would come back for ever",
                    file, config.dead_letter));
  }
  if (config.memory_budget / config.workers < kWorkerBytesMin) {
    return absl::InvalidArgumentError(fmt::format(
        "{}: memory_budget is less than 32MiB for each of the {} workers", file, config.workers));
  }
  return config;
}

absl::StatusOr<Config> LoadConfig(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(fmt::format("{}: cannot be read", path));
  std::ostringstream text;
  text << file.rdbuf();
  return ParseConfig(text.str(), path);
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
