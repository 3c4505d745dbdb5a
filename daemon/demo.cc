#include "daemon/demo.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include "daemon/alert.h"
#include "daemon/client_settings.h"
#include "daemon/config.h"
#include "daemon/demo_view.h"
#include "daemon/shipped.h"
#include "daemon/signals.h"
#include "daemon/worker_group.h"
#include "daemon/workers.h"
#include "pipeline/alert/alert_handler.h"
#include "pipeline/alert/alert_state.h"
#include "pipeline/broker/mock_broker.h"
#include "pipeline/broker/reader.h"
#include "pipeline/consume/kafka_source.h"
#include "pipeline/publish/at_least_once_sink.h"
#include "pipeline/publish/producer.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(60);
constexpr auto kLook = std::chrono::milliseconds(1);

absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(fmt::format("{}: cannot be read", path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

absl::StatusOr<std::unique_ptr<broker::MockBroker>> StartBroker(
    const std::vector<std::string>& kafka_topics) {
  ASSIGN_OR_RETURN(auto mock_broker, broker::MockBroker::Start());
  for (const std::string& kafka_topic : kafka_topics) {
    RETURN_IF_ERROR(mock_broker->CreateKafkaTopic(kafka_topic, 1));
  }
  return mock_broker;
}

absl::Status SendArticles(const Config& config, const std::vector<std::string>& articles) {
  Counters counters;
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  ASSIGN_OR_RETURN(
      const auto producer,
      Producer::Connect({.client = client, .kafka_topics = config.input, .transactional_id = ""},
                        &counters));
  for (const std::string& article : articles) {
    OutputRecord output;
    output.kafka_topic = config.input.front();
    output.value = article;
    RETURN_IF_ERROR(producer->Publish(output));
  }
  return producer->Flush();
}

struct Journey {
  Totals totals;
  std::chrono::duration<double> elapsed;  // from the first record consumed to the last committed
};

// Until the workers have done so many records.
template <typename Workers>
absl::StatusOr<Journey> RunUntilDone(Workers* workers, size_t count,
                                     const std::stop_token& interrupted) {
  std::stop_source stop;
  absl::Status status;
  std::jthread running([&] {
    status = workers->Run(stop.get_token());
    stop.request_stop();
  });
  const Clock::time_point deadline = Clock::now() + kPatience;
  Clock::time_point begin = Clock::now();
  while (workers->Sum().consumed < count && Clock::now() < deadline && !stop.stop_requested() &&
         !interrupted.stop_requested()) {
    if (workers->Sum().consumed == 0) begin = Clock::now();
    std::this_thread::sleep_for(kLook);
  }
  stop.request_stop();
  running.join();
  RETURN_IF_ERROR(status);
  const Totals totals = workers->Sum();
  if (totals.consumed < count) {
    return absl::DeadlineExceededError(
        fmt::format("only {} of {} articles were consumed", totals.consumed, count));
  }
  return Journey{.totals = totals, .elapsed = Clock::now() - begin};
}

absl::StatusOr<Journey> TagArticles(const Config& config,
                                    const std::shared_ptr<const rules::RuleSet>& rule_set,
                                    size_t count, const std::stop_token& interrupted) {
  std::vector<Counters> counters(config.workers);
  ASSIGN_OR_RETURN(const auto workers, KafkaWorkers::Connect(config, rule_set, &counters));
  return RunUntilDone(workers.get(), count, interrupted);
}

// As tocsin alert, but for its lock and its transactions, which the embedded broker does not keep.
absl::Status AlertOnStories(const Config& config, const std::stop_token& interrupted) {
  ASSIGN_OR_RETURN(broker::ClientSettings client, ClientSettingsOf(config));
  size_t count = 0;
  for (const std::string& kafka_topic : config.alert.input) {
    ASSIGN_OR_RETURN(const auto tagged, broker::ReadToEnd(client, kafka_topic));
    count += tagged.size();
  }
  client.group = config.alert.group;
  ASSIGN_OR_RETURN(AlertOptions options, AlertOptionsOf(config));
  AlertState state(options.window_ms);
  Counters counters;
  auto member = std::make_unique<WorkerGroup::Member>();
  member->counters = &counters;
  ASSIGN_OR_RETURN(
      member->source,
      KafkaSource::Connect({.client = client, .kafka_topics = config.alert.input}, &counters));
  ASSIGN_OR_RETURN(member->sink,
                   AtLeastOnceSink::Connect(
                       {.client = client,
                        .kafka_topics = {config.alert.output, config.alert.state_kafka_topic},
                        .transactional_id = ""},
                       config.dead_letter, &counters));
  member->worker = std::make_unique<Worker>(
      WorkerOptions{}, member->source.get(), member->sink.get(),
      std::make_unique<AlertHandler>(std::move(options), &state, member->sink.get(), &counters),
      &counters);
  WorkerGroup group;
  group.Add(std::move(member));
  return RunUntilDone(&group, count, interrupted).status();
}

// Shows every record of the Kafka topics and returns their lines for the comparison.
absl::StatusOr<std::vector<std::string>> ShowWhatArrived(
    const Config& config, const std::vector<std::string>& kafka_topics) {
  const Marks marks = isatty(STDOUT_FILENO) != 0 ? Marks::ForTerminal() : Marks::Plain();
  std::vector<std::string> lines;
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  for (const std::string& kafka_topic : kafka_topics) {
    ASSIGN_OR_RETURN(const auto stored, broker::ReadToEnd(client, kafka_topic));
    fmt::print("{}{}{} ({} records)\n", marks.strong, kafka_topic, marks.reset, stored.size());
    for (const broker::StoredRecord& each : stored) {
      ASSIGN_OR_RETURN(const DemoRecord record, ToDemoRecord(each));
      fmt::print("{}", Show(record, marks));
      lines.push_back(ExpectedLine(record));
    }
    fmt::print("\n");
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

absl::Status Compare(const std::vector<std::string>& arrived, std::vector<std::string> expected,
                     const std::string& path) {
  std::sort(expected.begin(), expected.end());
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::set_difference(expected.begin(), expected.end(), arrived.begin(), arrived.end(),
                      std::back_inserter(missing));
  std::set_difference(arrived.begin(), arrived.end(), expected.begin(), expected.end(),
                      std::back_inserter(surplus));
  if (missing.empty() && surplus.empty()) {
    fmt::print("What arrived equals {}.\n", path);
    return absl::OkStatus();
  }
  for (const std::string& line : missing) fmt::print("- {}\n", line);
  for (const std::string& line : surplus) fmt::print("+ {}\n", line);
  return absl::UnknownError(
      fmt::format("{} records expected by {} did not arrive (-), {} arrived unexpected (+)",
                  missing.size(), path, surplus.size()));
}

void PrintSummary(const Journey& journey, const std::string& bootstrap) {
  const double seconds = journey.elapsed.count();
  fmt::print(
      "{} articles in, {} records and {} dead letters out in {:.0f} ms ({:.0f} articles/s, "
      "{:.2f} MB/s, commits included); broker {}\n",
      journey.totals.consumed, journey.totals.published, journey.totals.dead_lettered,
      seconds * 1e3, static_cast<double>(journey.totals.consumed) / seconds,
      static_cast<double>(journey.totals.consumed_bytes) / seconds / 1e6, bootstrap);
}

void KeepBroker(const std::string& bootstrap, const std::stop_token& interrupted) {
  fmt::print("Look in with: kcat -C -e -b {} -t news.ceasefire    Ctrl-C ends the broker.\n",
             bootstrap);
  std::fflush(stdout);
  while (!interrupted.stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace

absl::Status Demo(const DemoOptions& options) {
  spdlog::set_level(spdlog::level::warn);
  const Signals signals;
  const std::string directory = options.directory.empty() ? ShippedDemo() : options.directory;
  const std::string expected_path = directory + "/expected.txt";
  ASSIGN_OR_RETURN(const auto articles, ReadLines(directory + "/articles.ndjson"));
  ASSIGN_OR_RETURN(auto expected, ReadLines(expected_path));
  ASSIGN_OR_RETURN(const auto rule_set, LoadRules({}));

  Config config;
  config.group = "tocsin-demo";
  config.cluster = "demo";
  config.input = {"news.raw"};
  config.delivery = Delivery::kAtLeastOnce;  // the embedded broker keeps no transactions
  std::vector<std::string> kafka_topics = OutputKafkaTopics(config, *rule_set);
  kafka_topics.push_back(config.dead_letter);
  kafka_topics.push_back(config.alert.output);
  ASSIGN_OR_RETURN(const auto mock_broker, StartBroker(kafka_topics));
  RETURN_IF_ERROR(mock_broker->CreateKafkaTopic(config.alert.state_kafka_topic, 1));
  RETURN_IF_ERROR(mock_broker->CreateKafkaTopic(config.input.front(), 1));
  config.brokers = mock_broker->bootstrap();

  RETURN_IF_ERROR(SendArticles(config, articles));
  ASSIGN_OR_RETURN(const Journey journey,
                   TagArticles(config, rule_set, articles.size(), signals.stop_token()));
  RETURN_IF_ERROR(AlertOnStories(config, signals.stop_token()));
  ASSIGN_OR_RETURN(const auto arrived, ShowWhatArrived(config, kafka_topics));
  const absl::Status compared = Compare(arrived, std::move(expected), expected_path);
  PrintSummary(journey, config.brokers);
  if (options.keep) KeepBroker(config.brokers, signals.stop_token());
  return compared;
}

}  // namespace tocsin
