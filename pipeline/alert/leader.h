// The one that alerts, or one that stands by to take its place.
//
//   ASSIGN_OR_RETURN(auto leader, Leader::Connect(options, &counters));
//   const absl::Status status = leader->Run(stop);
//
// Shape     standing by it follows the state that the active one writes. When the lock comes to it,
//           it first initialises transactions under the one transactional id of the group, which
//           ends what the former one left open and fences it; then reads the state to its end; then
//           the committed offsets; then it consumes. When the lock goes it commits what it has
//           done, if it still may, and stands by.
// Errors    Run: Unavailable: fenced: another one of the group is active; a supervisor starts us
//           again. Else as of Worker, LeaderLock and StateLog.
// Threads   Run on one; the counters are read by others.
// Lifetime  the counters outlive it.
#ifndef TOCSIN_PIPELINE_ALERT_LEADER_H_
#define TOCSIN_PIPELINE_ALERT_LEADER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/alert/alert_handler.h"
#include "pipeline/alert/alert_state.h"
#include "pipeline/alert/leader_lock.h"
#include "pipeline/alert/state_log.h"
#include "pipeline/broker/settings.h"
#include "pipeline/counters.h"
#include "pipeline/worker.h"

namespace tocsin {

struct LeaderOptions {
  broker::ClientSettings client;
  std::string lock_kafka_topic;
  std::string dead_letter_kafka_topic;
  std::vector<std::string> input;  // Kafka topics
  std::string transactional_id;
  AlertOptions alerts;
  WorkerOptions worker;
};

class Leader {
 public:
  static absl::StatusOr<std::unique_ptr<Leader>> Connect(LeaderOptions options, Counters* counters);

  absl::Status Run(const std::stop_token& stop);

 private:
  Leader(LeaderOptions options, Counters* counters);

  absl::Status StandBy(const std::stop_token& stop);
  absl::Status Serve(const std::stop_token& stop);  // one term

  const LeaderOptions options_;
  Counters* const counters_;
  AlertState state_;
  StateLog log_;
  std::unique_ptr<LeaderLock> lock_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_LEADER_H_
