// `tocsin run`: the daemon.
#ifndef TOCSIN_DAEMON_RUN_H_
#define TOCSIN_DAEMON_RUN_H_

#include <absl/status/status.h>

#include <optional>
#include <string>

#include "daemon/backfill.h"

namespace tocsin {

struct RunOptions {
  std::string config_path;
  std::optional<BackfillSpan> backfill;
};

// Consumes until SIGTERM or SIGINT, or until the backfill is done; then drains, commits and leaves
// the group.
absl::Status Run(const RunOptions& options);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RUN_H_
