#include "daemon/health.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/publish/json_writer.h"

namespace tocsin {
namespace {

using Clock = std::chrono::steady_clock;

// Empty if there is nothing to say.
std::string ReasonOf(const Counters& worker) {
  if (worker.consumer_sockets.Connected() == 0) return "is connected to no Kafka broker";
  if (worker.is_member.value() == 0) return "has been assigned no partitions yet";
  const auto standing = worker.stages.SinceEntered();
  if (standing > Health::kStandingMax) {
    return fmt::format("has been in {} for {:.0f} s without progress",
                       kStageNames[static_cast<size_t>(worker.stages.stage())], standing.count());
  }
  const Clock::time_point failing_since{std::chrono::milliseconds(worker.failing_since_ms.value())};
  const std::chrono::duration<double> failing = Clock::now() - failing_since;
  if (failing_since != Clock::time_point() && failing > Health::kFailingMax) {
    return fmt::format("has tried in vain to commit for {:.0f} s", failing.count());
  }
  return "";
}

}  // namespace

std::vector<std::string> Health::Reasons() const {
  if (stop_.stop_requested()) return {"draining"};
  if (!started_) return {"starting: the Kafka brokers have not yet let us in"};
  const bool none_runs =
      std::none_of(workers_->begin(), workers_->end(),
                   [](const Counters& worker) { return worker.is_running.value() != 0; });
  if (none_runs) return {"no worker runs"};
  std::vector<std::string> reasons;
  for (size_t i = 0; i < workers_->size(); ++i) {
    const Counters& worker = (*workers_)[i];
    if (worker.is_running.value() == 0) continue;
    const std::string reason = ReasonOf(worker);
    if (!reason.empty()) reasons.push_back(fmt::format("worker {} {}", i, reason));
  }
  return reasons;
}

std::string ReadinessJson(const std::vector<std::string>& reasons) {
  std::string json = fmt::format("{{\"ready\":{},\"reasons\":[", reasons.empty());
  for (const std::string& reason : reasons) {
    if (json.back() != '[') json.push_back(',');
    AppendJsonString(reason, &json);
  }
  return json + "]}\n";
}

}  // namespace tocsin
