// Tocsin's commands. Each lives in a file of its own name.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "daemon/check.h"
#include "daemon/command_options.h"
#include "daemon/config_commands.h"
#include "daemon/demo.h"
#include "daemon/exit_code.h"
#include "daemon/kafka_commands.h"
#include "daemon/logging.h"
#include "daemon/match.h"
#include "daemon/rule_commands.h"
#include "pipeline/log.h"

namespace tocsin {
namespace {

// The last line of a command that failed; what reads lines by machine gets it as one.
int Report(const absl::Status& status, bool is_text) {
  const std::string message(status.message());
  const int code = ExitCode(status);
  if (is_text) {
    fmt::print(stderr, "tocsin: {}\n", message);
  } else {
    spdlog::critical("{}{}", message,
                     log::About{.event = code == EX_CONFIG ? log::kConfigError : ""});
  }
  return code;
}

void AddLogFormat(CLI::App* app, LogFormat* format) {
  AddChoice(app, "--log-format", format,
            {{"auto", LogFormat::kAuto}, {"json", LogFormat::kJson}, {"text", LogFormat::kText}},
            "Of every command's log: json is one object a line; auto is the journal's fields under "
            "systemd, else text");
}

void AddCheck(CLI::App* app, std::function<absl::Status()>* command) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* const check = app->add_subcommand("check", "Check configuration and rules");
  check->add_option(
      "--config", options->config_path,
      fmt::format("Configuration file; if neither it nor rules are given: {}, if there",
                  kConfigPath));
  check->add_option("--rules", options->rules, "Rule file or directory; may be repeated")
      ->allow_extra_args(false);
  check->add_flag("--strict", options->strict, "Warnings fail");
  check->add_flag("--online", options->online,
                  "Ask the Kafka brokers, too, for the Kafka topics and rights that a run needs");
  check->callback([options, command] {
    const bool is_bare = options->config_path.empty() && options->rules.empty();
    if (is_bare && std::filesystem::exists(kConfigPath)) options->config_path = kConfigPath;
    *command = [options] { return Check(*options, stdout); };
  });
}

void AddMatch(CLI::App* app, std::function<absl::Status()>* command) {
  const auto options = std::make_shared<MatchOptions>();
  CLI::App* const match = app->add_subcommand("match", "Match articles without a broker");
  match->add_option("--rules", options->rules, "Rule file or directory; may be repeated")
      ->allow_extra_args(false);
  match
      ->add_option("--config", options->config_path,
                   "Configuration file: its rules, ignore_lines, limits, format and output")
      ->check(CLI::ExistingFile);
  match
      ->add_option("--mapping", options->mapping,
                   "How articles are read: a preset, such as ninjs, or a mapping file")
      ->capture_default_str();
  AddInputFormat(match, &options->format);
  AddFile(match, &options->path, "Articles")->capture_default_str();
  match->callback([options, command] { *command = [options] { return Match(*options); }; });
}

void AddDemo(CLI::App* app, std::function<absl::Status()>* command) {
  const auto options = std::make_shared<DemoOptions>();
  CLI::App* const demo =
      app->add_subcommand("demo", "Send sample articles the whole way through an embedded broker");
  demo->add_flag("--keep", options->keep, "Keep the broker until Ctrl-C");
  demo->add_option("--articles", options->directory,
                   "Directory with articles.ndjson and expected.txt");
  demo->callback([options, command] { *command = [options] { return Demo(*options); }; });
}

int Main(int argc, char** argv) {
  CLI::App app("Tocsin: news articles in, topic-tagged records out.", "tocsin");
  app.require_subcommand(1);
  app.fallthrough();  // options for all commands may follow the command
  LogFormat log_format = LogFormat::kAuto;
  AddLogFormat(&app, &log_format);
  std::function<absl::Status()> command;

  AddKafkaCommands(&app, &command);
  AddCheck(&app, &command);
  AddMatch(&app, &command);
  AddDemo(&app, &command);
  AddConfigCommands(&app, &command);
  AddRuleCommands(&app, &command);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : EX_USAGE;
  }
  const bool is_text = UseLogFormat(log_format);
  const absl::Status status = command();
  return status.ok() ? EXIT_SUCCESS : Report(status, is_text);
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  try {
    return tocsin::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tocsin: %s\n", error.what());
    return EX_SOFTWARE;
  }
}
