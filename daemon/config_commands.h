// The commands about the configuration itself: config print, config schema, config reference.
//
//   AddConfigCommands(&app, &command);   // before parsing; `command` is what to run then
#ifndef TOCSIN_DAEMON_CONFIG_COMMANDS_H_
#define TOCSIN_DAEMON_CONFIG_COMMANDS_H_

#include <absl/status/status.h>

#include <CLI/CLI.hpp>
#include <functional>

namespace tocsin {

void AddConfigCommands(CLI::App* app, std::function<absl::Status()>* command);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_COMMANDS_H_
