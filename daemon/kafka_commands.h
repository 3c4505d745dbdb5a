// The commands that work on a Kafka cluster, and on a process that does: run, replay, reload.
//
//   AddKafkaCommands(&app, &command);   // before parsing; `command` is what to run then
#ifndef TOCSIN_DAEMON_KAFKA_COMMANDS_H_
#define TOCSIN_DAEMON_KAFKA_COMMANDS_H_

#include <absl/status/status.h>

#include <CLI/CLI.hpp>
#include <functional>

namespace tocsin {

inline constexpr char kConfigPath[] = "/etc/tocsin/tocsin.yaml";

void AddKafkaCommands(CLI::App* app, std::function<absl::Status()>* command);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_KAFKA_COMMANDS_H_
