// The daemon's configuration: one strict YAML file.
//
//   ASSIGN_OR_RETURN(const Config config, LoadConfig("/etc/tocsin/tocsin.yaml"));
//
// Shape     deploy/tocsin.yaml shows every key; those left out keep the defaults below.
// Errors    InvalidArgument: every error of the file, one a line, each `file:line:column: what`; an
//           unknown or doubled key is one. NotFound: no such file.
#ifndef TOCSIN_DAEMON_CONFIG_H_
#define TOCSIN_DAEMON_CONFIG_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "pipeline/broker/settings.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/publish/encoder.h"
#include "rules/rule_set.h"

namespace tocsin {

struct Config {
  std::string brokers;
  std::string group;
  std::vector<std::string> input;  // Kafka topics
  std::string cluster = "kafka";
  std::string output = "news.{topic}";
  std::string dead_letter = "news.dead-letter";
  EncoderOptions::Format format = EncoderOptions::Format::kEnvelope;
  int workers = 1;
  std::chrono::milliseconds commit_interval{100};
  std::vector<std::string> rules;         // empty: the shipped ones
  std::vector<std::string> ignore_lines;  // regexes: lines that no rule is to see
  DecodeLimits limits;
  std::map<std::string, std::string> kafka;  // librdkafka properties

  broker::ClientSettings ClientSettings() const {
    return {.brokers = brokers, .group = group, .properties = kafka};
  }
};

absl::StatusOr<Config> LoadConfig(const std::string& path);

// The same from text; `file` is what errors name.
absl::StatusOr<Config> ParseConfig(const std::string& text, const std::string& file);

// The Kafka topic of each subject of the rule set, in its order.
std::vector<std::string> OutputKafkaTopics(const Config& config, const rules::RuleSet& rule_set);

// InvalidArgument if something published would be consumed again.
absl::Status CheckNoLoop(const Config& config, const rules::RuleSet& rule_set);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_H_
