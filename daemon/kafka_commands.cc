#include "daemon/kafka_commands.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <cstdio>
#include <memory>
#include <string>

#include "daemon/alert.h"
#include "daemon/reload.h"
#include "daemon/replay.h"
#include "daemon/run.h"
#include "daemon/webhooks.h"

namespace tocsin {
namespace {

int64_t TimeOrThrow(const std::string& option, const std::string& text) {
  const absl::StatusOr<int64_t> time_ms = ParseTime(text);
  if (!time_ms.ok()) throw CLI::ValidationError(option, std::string(time_ms.status().message()));
  return *time_ms;
}

BackfillSpan SpanOrThrow(const std::string& from, const std::string& to, double rate) {
  BackfillSpan span{.from_ms = TimeOrThrow("--from", from), .records_per_second = rate};
  if (to.empty()) return span;
  span.to_ms = TimeOrThrow("--to", to);
  if (*span.to_ms <= span.from_ms) throw CLI::ValidationError("--to", "must be after --from");
  if (*span.to_ms > absl::ToUnixMillis(absl::Now())) {
    throw CLI::ValidationError("--to", "lies in the future: a backfill ends with what there is");
  }
  return span;
}

void AddRun(CLI::App* app, std::function<absl::Status()>* command) {
  struct Given {
    RunOptions options{.config_path = kConfigPath, .backfill = {}};
    std::string from;
    std::string to;
    double rate = 0;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* const sub = app->add_subcommand("run", "Consume, match and publish until stopped");
  sub->add_option("--config", given->options.config_path, "Configuration file")
      ->capture_default_str();
  CLI::Option* const from =
      sub->add_option("--from", given->from,
                      "Backfill: once more what is stamped so or later (RFC 3339), then end");
  sub->add_option("--to", given->to, "Backfill: what is stamped before; without it, now")
      ->needs(from);
  sub->add_option("--rate", given->rate, "Backfill: records a second at most")
      ->check(CLI::PositiveNumber)
      ->needs(from);
  sub->callback([given, command] {
    if (!given->from.empty()) {
      given->options.backfill = SpanOrThrow(given->from, given->to, given->rate);
    }
    *command = [given] { return Run(given->options); };
  });
}

void AddReplay(CLI::App* app, std::function<absl::Status()>* command) {
  const auto options = std::make_shared<ReplayCommand>();
  options->config_path = kConfigPath;
  CLI::App* const sub =
      app->add_subcommand("replay", "Send dead letters back to where they came from, each once");
  sub->add_option("--config", options->config_path, "Configuration file")->capture_default_str();
  sub->add_option("--dead-letter", options->dead_letter,
                  "Kafka topic with dead letters; without it, the configured one");
  sub->add_option(
      "--input", options->input,
      "Kafka topic that is no configured input, such as the alerts': its letters alone");
  sub->add_option("--reason", options->reasons, "Only those with this reason; may be repeated")
      ->allow_extra_args(false);
  sub->add_flag("--dry-run", options->dry_run, "Say what would be replayed; change nothing");
  sub->callback(
      [options, command] { *command = [options] { return ReplayLetters(*options, stdout); }; });
}

void AddReload(CLI::App* app, std::function<absl::Status()>* command) {
  const auto options = std::make_shared<ReloadCommand>();
  options->config_path = kConfigPath;
  CLI::App* const sub =
      app->add_subcommand("reload", "Have the running daemon read its rules again");
  sub->add_option("--config", options->config_path, "Configuration file of the daemon")
      ->capture_default_str();
  sub->add_flag("--wait", options->waits,
                "Until every worker uses the rules, or they were not good");
  sub->add_option_function<int>(
         "--timeout", [options](int seconds) { options->timeout = std::chrono::seconds(seconds); },
         "Seconds to wait at most (60)")
      ->check(CLI::PositiveNumber);
  sub->callback(
      [options, command] { *command = [options] { return RequestReload(*options, stdout); }; });
}

void AddAlert(CLI::App* app, std::function<absl::Status()>* command) {
  const auto path = std::make_shared<std::string>(kConfigPath);
  CLI::App* const sub = app->add_subcommand(
      "alert", "Alert on the first mention of each story, or stand by to do so, until stopped");
  sub->add_option("--config", *path, "Configuration file")->capture_default_str();
  sub->callback([path, command] { *command = [path] { return Alert(*path); }; });
}

void AddNotify(CLI::App* app, std::function<absl::Status()>* command) {
  const auto path = std::make_shared<std::string>(kConfigPath);
  CLI::App* const sub =
      app->add_subcommand("notify", "Post alerts to the configured webhooks until stopped");
  sub->add_option("--config", *path, "Configuration file")->capture_default_str();
  sub->callback([path, command] { *command = [path] { return NotifyWebhooks(*path); }; });
}

}  // namespace

void AddKafkaCommands(CLI::App* app, std::function<absl::Status()>* command) {
  AddRun(app, command);
  AddReplay(app, command);
  AddReload(app, command);
  AddAlert(app, command);
  AddNotify(app, command);
}

}  // namespace tocsin
