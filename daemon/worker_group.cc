#include "daemon/worker_group.h"

#include <thread>

#include "rules/base/status_macros.h"

namespace tocsin {

absl::Status WorkerGroup::Run(const std::stop_token& stop) {
  const std::stop_callback relay(stop, [&] { stop_all_.request_stop(); });
  std::vector<absl::Status> statuses(members_.size());
  {
    std::vector<std::jthread> threads;
    threads.reserve(members_.size());
    for (size_t i = 0; i < members_.size(); ++i) {
      threads.emplace_back([&, i] {
        statuses[i] = members_[i]->worker->Run(stop_all_.get_token());
        members_[i]->is_at_its_end = true;
        // One that cannot go on ends the process: a supervisor restarts all, or none. One that is
        // done leaves the others what they have.
        if (!statuses[i].ok()) stop_all_.request_stop();
      });
    }
  }
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return absl::OkStatus();
}

std::vector<uint64_t> WorkerGroup::Progress() const {
  std::vector<uint64_t> progress;
  progress.reserve(members_.size());
  for (const auto& member : members_) {
    progress.push_back(member->is_at_its_end ? kAtItsEnd : member->counters->turns.value());
  }
  return progress;
}

Totals WorkerGroup::Sum() const {
  Totals totals;
  for (const auto& member : members_) {
    const Counters& counters = *member->counters;
    totals.consumed += counters.consumed.Total();
    totals.consumed_bytes += counters.consumed_bytes.Total();
    totals.matched += counters.matched.value();
    totals.published += counters.published.Total();
    totals.dead_lettered += counters.dead_lettered.Total();
    totals.tombstones += counters.tombstones.value();
    totals.rewinds += counters.rewinds.value();
    for (const Lag& lag : counters.lags.Snapshot()) totals.lag += lag.records;
  }
  return totals;
}

}  // namespace tocsin
