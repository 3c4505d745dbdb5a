// `tocsin alert`: one alert a story.
//
//   const absl::Status status = Alert("/etc/tocsin/tocsin.yaml");
//
// Shape     of the processes of its group one alerts and the others stand by (pipeline/alert).
// Errors    as of ExitCode: FailedPrecondition: its Kafka topics are missing, or not as they must
//           be; what is published is no envelope. Unavailable: fenced by another that is active: a
//           supervisor starts us again.
#ifndef TOCSIN_DAEMON_ALERT_H_
#define TOCSIN_DAEMON_ALERT_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "daemon/config.h"
#include "pipeline/alert/alert_handler.h"

namespace tocsin {

absl::Status Alert(const std::string& config_path);

// What the handler is told of the configuration.
absl::StatusOr<AlertOptions> AlertOptionsOf(const Config& config);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_ALERT_H_
