// The commands that look into rules: test, eval, explain, diff.
//
//   AddRuleCommands(&app, &command);   // before parsing; `command` is what to run then
#ifndef TOCSIN_DAEMON_RULE_COMMANDS_H_
#define TOCSIN_DAEMON_RULE_COMMANDS_H_

#include <absl/status/status.h>

#include <CLI/CLI.hpp>
#include <functional>

namespace tocsin {

void AddRuleCommands(CLI::App* app, std::function<absl::Status()>* command);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RULE_COMMANDS_H_
