// The daemon's configuration: one strict YAML file, and drop-ins beside it.
//
//   ASSIGN_OR_RETURN(const Config config, LoadConfig("/etc/tocsin/tocsin.yaml"));
//
// Shape     deploy/tocsin.yaml shows every key, deploy/reference.md describes it; those left out
//           keep the defaults below. Drop-ins: daemon/config/loaded.h.
// Errors    InvalidArgument: every error of the files, one a line, each `file:line:column: what`; an
//           unknown or doubled key is one. NotFound: no such file.
#ifndef TOCSIN_DAEMON_CONFIG_H_
#define TOCSIN_DAEMON_CONFIG_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pipeline/article_handler.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/publish/encoder.h"
#include "rules/rule_set.h"

namespace tocsin {

// What a worker needs at least.
inline constexpr size_t kWorkerBytesMin = size_t{32} << 20;

enum class Delivery : uint8_t { kExactlyOnce, kAtLeastOnce };

// Of `tocsin alert`.
struct AlertConfig {
  std::string group = "tocsin-alert";
  std::vector<std::string> input{"news.ceasefire"};  // Kafka topics
  std::string output = "news.alerts";
  std::string state_kafka_topic = "news.alerts.state";
  std::string lock_kafka_topic = "news.alerts.lock";
  int window_hours = 48;
  int max_age_hours = 48;
  int published_max_age_hours = 0;  // 0: any
  std::vector<std::string> when;    // as ParseAlertCondition reads them
  std::vector<std::string> mute;    // as ParseMuteWindow reads them
  std::string http_listen = "127.0.0.1:9465";
};

// Of `tocsin notify`.
struct NotifyConfig {
  std::string group = "tocsin-notify";  // of consumers; a webhook's: <group>.<name>
  std::vector<std::string> kafka_topics{"news.alerts"};  // with alerts
  std::map<std::string, std::string> webhooks;           // name → URL
  std::map<std::string, std::string> webhook_url_files;  // name → the file that holds its URL
  std::map<std::string, std::string> webhook_secrets;    // name → the file that holds its keys
  std::chrono::milliseconds timeout{15'000};             // of one post
  std::chrono::milliseconds deadline{900'000};           // of an alert, from its first post
  std::string ca_file;                                   // empty: the system's
  std::string proxy;                                     // empty: none
  std::string http_listen = "127.0.0.1:9466";
};

struct Config {
  std::string brokers;
  std::string group;
  std::vector<std::string> input;               // Kafka topics
  std::map<std::string, std::string> mappings;  // of these: preset or file; the others are flat
  std::string cluster = "kafka";
  std::string output = "news.{topic}";
  std::string dead_letter = "news.dead-letter";
  EncoderOptions::Format format = EncoderOptions::Format::kEnvelope;
  Delivery delivery = Delivery::kExactlyOnce;
  std::string instance;  // of this process in the group; empty: from /etc/machine-id
  OnError on_error = OnError::kDeadLetter;
  OnTombstone tombstones = OnTombstone::kDrop;
  int workers = 1;
  size_t memory_budget = size_t{512} << 20;  // bytes
  std::chrono::milliseconds commit_interval{100};
  size_t commit_records_max = 100'000;
  size_t commit_bytes_max = size_t{32} << 20;
  std::vector<std::string> rules;         // empty: the shipped ones
  std::vector<std::string> ignore_lines;  // regexes: lines that no rule is to see
  int cross_check_per_million = 0;        // articles matched once more
  DecodeLimits limits;
  std::string http_listen = "127.0.0.1:9464";        // metrics and health; "off": nowhere
  std::chrono::milliseconds drain_timeout{30'000};   // between SIGTERM and giving up
  std::map<std::string, std::string> kafka;          // librdkafka properties
  std::map<std::string, std::string> kafka_secrets;  // the same, by the file that holds the value
  AlertConfig alert;
  NotifyConfig notify;
};

absl::StatusOr<Config> LoadConfig(const std::string& path);

// Of those with a URL and those with a file that holds it; ascending.
std::vector<std::string> WebhookNames(const Config& config);

// The same from text; `file` is what errors name.
absl::StatusOr<Config> ParseConfig(const std::string& text, const std::string& file);

// The Kafka topic of each subject of the rule set, in its order.
std::vector<std::string> OutputKafkaTopics(const Config& config, const rules::RuleSet& rule_set);

// InvalidArgument if something published would be consumed again.
absl::Status CheckNoLoop(const Config& config, const rules::RuleSet& rule_set);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_H_
