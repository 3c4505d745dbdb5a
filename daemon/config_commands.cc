#include "daemon/config_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "daemon/config/loaded.h"
#include "daemon/config/print.h"
#include "daemon/config/reference.h"
#include "daemon/config/schema.h"
#include "daemon/kafka_commands.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

absl::Status Show(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return absl::OkStatus();
  return absl::UnavailableError("standard output cannot be written");
}

absl::Status ShowConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const LoadedConfig loaded, LoadConfigFiles(path));
  return Show(PrintConfig(loaded));
}

}  // namespace

void AddConfigCommands(CLI::App* app, std::function<absl::Status()>* command) {
  CLI::App* const config = app->add_subcommand("config", "What is configured, and what can be");
  config->require_subcommand(1);

  const auto path = std::make_shared<std::string>(kConfigPath);
  CLI::App* const print = config->add_subcommand(
      "print", "What holds, drop-ins and defaults included, and who says so; no secrets");
  print->add_option("--config", *path, "Configuration file")->capture_default_str();
  print->callback([path, command] { *command = [path] { return ShowConfig(*path); }; });

  config->add_subcommand("schema", "JSON Schema (draft 2020-12) of the configuration")
      ->callback([command] { *command = [] { return Show(ConfigSchema()); }; });
  config->add_subcommand("reference", "Every option, as Markdown")->callback([command] {
    *command = [] { return Show(ConfigReference()); };
  });
}

}  // namespace tocsin
