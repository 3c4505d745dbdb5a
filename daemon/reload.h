// `tocsin reload [--wait]`, and the page by which it learns how a reload went.
//
//   pages["/reload"] = [&] { return HttpAnswer{.body = ReloadPage(status.Get(), behind)}; };
//   RETURN_IF_ERROR(RequestReload({.config_path = "/etc/tocsin/tocsin.yaml", .waits = true}, stdout));
//
// Shape     the page has a line for each of pid, started, finished, version, behind (workers that
//           still use older rules) and, after a failure, failure. The command asks it for the pid,
//           sends SIGHUP and, with --wait, asks until a reload that started later has finished and
//           no worker is behind.
// Errors    RequestReload: InvalidArgument, the rules were not good: the old ones stay. Unavailable:
//           nobody answers. PermissionDenied: the process is another user's. DeadlineExceeded: not
//           done in time; it may still be.
// Threads   any.
#ifndef TOCSIN_DAEMON_RELOAD_H_
#define TOCSIN_DAEMON_RELOAD_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "daemon/reload_status.h"

namespace tocsin {

struct ReloadAnswer {
  int pid = 0;
  uint64_t started = 0;
  uint64_t finished = 0;
  std::string version;
  uint64_t behind = 0;
  std::string failure;
};

std::string ReloadPage(const ReloadStatus::Values& status, uint64_t behind);

// Unavailable: that is no such page.
absl::StatusOr<ReloadAnswer> ParseReloadPage(const std::string& page);

struct ReloadCommand {
  std::string config_path;
  bool waits = false;
  std::chrono::seconds timeout{60};
};

absl::Status RequestReload(const ReloadCommand& command, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RELOAD_H_
