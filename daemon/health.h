// Whether the process does its work, and if not, why.
//
//   Health health(&counters, signals.token());
//   health.Started();                      // when the workers are about to run
//   if (health.Reasons().empty()) ...      // ready
//
// Shape     not ready: until every worker has its place in the group; while one has no broker, has
//           committed nothing for kFailingMax though it tries, or stands still for kStandingMax;
//           from the moment a stop is requested, which is before anything drains. A worker that has
//           ended, while others run, is no reason.
// Cost      some locks and a system call for each connection.
// Threads   any.
// Lifetime  the counters outlive it.
#ifndef TOCSIN_DAEMON_HEALTH_H_
#define TOCSIN_DAEMON_HEALTH_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/counters.h"

namespace tocsin {

class Health {
 public:
  static constexpr std::chrono::seconds kFailingMax{10};
  static constexpr std::chrono::seconds kStandingMax{30};

  Health(const std::vector<Counters>* workers, std::stop_token stop)
      : workers_(workers), stop_(std::move(stop)) {}

  void Started() { started_ = true; }

  std::vector<std::string> Reasons() const;  // why it is not ready; none: it is

 private:
  const std::vector<Counters>* const workers_;
  const std::stop_token stop_;
  std::atomic<bool> started_ = false;
};

// {"ready": false, "reasons": ["draining"]}
std::string ReadinessJson(const std::vector<std::string>& reasons);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_HEALTH_H_
