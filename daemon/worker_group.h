// Workers that run together, each on a thread of its own with what it owns.
//
//   WorkerGroup group;
//   group.Add(std::move(member));
//   const absl::Status status = group.Run(signals.stop_token());
//
// Shape     Run returns when every worker has drained and committed, and left its consumer group.
// Errors    Run: the first worker's that could not go on; the others are stopped in order.
// Threads   Run blocks; the rest from any thread, but Add before it.
// Lifetime  the counters outlive it. It runs once.
#ifndef TOCSIN_DAEMON_WORKER_GROUP_H_
#define TOCSIN_DAEMON_WORKER_GROUP_H_

#include <absl/status/status.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "pipeline/consume/source.h"
#include "pipeline/counters.h"
#include "pipeline/publish/sink.h"
#include "pipeline/worker.h"

namespace tocsin {

struct Totals {
  uint64_t consumed = 0;
  uint64_t consumed_bytes = 0;
  uint64_t matched = 0;
  uint64_t published = 0;
  uint64_t dead_lettered = 0;
  uint64_t tombstones = 0;
  uint64_t rewinds = 0;
  int64_t lag = 0;  // records, of the partitions that are ours
};

class WorkerGroup {
 public:
  // Declared in the order of their dependence.
  struct Member {
    Counters* counters = nullptr;
    std::unique_ptr<Source> source;
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Worker> worker;
    std::atomic<bool> is_at_its_end = false;
  };

  void Add(std::unique_ptr<Member> member) { members_.push_back(std::move(member)); }
  const std::vector<std::unique_ptr<Member>>& members() const { return members_; }

  absl::Status Run(const std::stop_token& stop);

  // Whether the workers are to stop, by whatever reason.
  std::stop_token stop_token() const { return stop_all_.get_token(); }

  // Of each worker: a number that changes as it goes on, or kAtItsEnd.
  std::vector<uint64_t> Progress() const;
  static constexpr uint64_t kAtItsEnd = std::numeric_limits<uint64_t>::max();

  Totals Sum() const;

 private:
  std::stop_source stop_all_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_WORKER_GROUP_H_
