#include "daemon/reload.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "daemon/config.h"
#include "daemon/http_get.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr auto kAskEvery = std::chrono::milliseconds(50);

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

absl::StatusOr<ReloadAnswer> Ask(const std::string& address) {
  ASSIGN_OR_RETURN(const std::string page, HttpGet(address, "/reload"));
  return ParseReloadPage(page);
}

absl::Status SendHangUp(int pid) {
  if (kill(pid, SIGHUP) == 0) return absl::OkStatus();
  const std::string what = fmt::format("SIGHUP to process {}: {}", pid, std::strerror(errno));
  if (errno == EPERM) {
    return absl::PermissionDeniedError(what + "; be its user, or root");
  }
  return absl::UnavailableError(what);
}

absl::Status WaitForReload(const std::string& address, uint64_t finished,
                           std::chrono::seconds timeout, std::FILE* out) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (std::chrono::steady_clock::now() < deadline) {
    ASSIGN_OR_RETURN(const ReloadAnswer now, Ask(address));
    if (now.finished >= finished && !now.failure.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("the old rules stay, rule set {}: {}", now.version, now.failure));
    }
    if (now.finished >= finished && now.behind == 0) {
      fmt::print(out, "rule set {}\n", now.version);
      return absl::OkStatus();
    }
    std::this_thread::sleep_for(kAskEvery);
  }
  return absl::DeadlineExceededError(fmt::format(
      "not reloaded within {} s: a worker is within a transaction, or rules compile for "
      "long; see the log",
      timeout.count()));
}

}  // namespace

std::string ReloadPage(const ReloadStatus::Values& status, uint64_t behind) {
  std::string page =
      fmt::format("pid {}\nstarted {}\nfinished {}\nversion {}\nbehind {}\n", getpid(),
                  status.started, status.finished(), status.version, behind);
  if (!status.failure.empty()) page += fmt::format("failure {}\n", OneLine(status.failure));
  return page;
}

absl::StatusOr<ReloadAnswer> ParseReloadPage(const std::string& page) {
  ReloadAnswer answer;
  bool is_good = true;
  for (const auto line : absl::StrSplit(page, '\n', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> entry = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    const auto& [name, value] = entry;
    if (name == "pid") is_good &= absl::SimpleAtoi(value, &answer.pid);
    if (name == "started") is_good &= absl::SimpleAtoi(value, &answer.started);
    if (name == "finished") is_good &= absl::SimpleAtoi(value, &answer.finished);
    if (name == "version") answer.version = value;
    if (name == "behind") is_good &= absl::SimpleAtoi(value, &answer.behind);
    if (name == "failure") answer.failure = value;
  }
  if (is_good && answer.pid > 1) return answer;
  return absl::UnavailableError("what listens at http_listen is no Tocsin that can be reloaded");
}

absl::Status RequestReload(const ReloadCommand& command, std::FILE* out) {
  ASSIGN_OR_RETURN(const Config config, LoadConfig(command.config_path));
  if (config.http_listen == "off") {
    return absl::FailedPreconditionError(
        "http_listen is off: send the process SIGHUP, or use systemctl reload");
  }
  ASSIGN_OR_RETURN(const ReloadAnswer before, Ask(config.http_listen));
  RETURN_IF_ERROR(SendHangUp(before.pid));
  // One that had started by then may have read the files too early.
  const uint64_t finished = before.started + 1;
  if (!command.waits) return absl::OkStatus();
  return WaitForReload(config.http_listen, finished, command.timeout, out);
}

}  // namespace tocsin
