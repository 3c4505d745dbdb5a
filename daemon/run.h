// `tocsin run`: the daemon.
#ifndef TOCSIN_DAEMON_RUN_H_
#define TOCSIN_DAEMON_RUN_H_

#include <absl/status/status.h>

#include <string>

namespace tocsin {

// Consumes until SIGTERM or SIGINT; then drains, commits and leaves the group.
absl::Status Run(const std::string& config_path);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RUN_H_
