// The daemon on one line, for STATUS= and the log.
//
//   StatusLine line;
//   line.Render(workers->Sum(), "", now);   // "1200 records/s, 14 matched/s, lag 7; ..."
//
// Units     rates: of the time since the last call.
// Threads   one.
#ifndef TOCSIN_DAEMON_STATUS_LINE_H_
#define TOCSIN_DAEMON_STATUS_LINE_H_

#include <chrono>
#include <string>

#include "daemon/worker_group.h"

namespace tocsin {

class StatusLine {
 public:
  using Clock = std::chrono::steady_clock;

  std::string Render(const Totals& totals, const std::string& reload_failure,
                     Clock::time_point now);

 private:
  Totals last_;
  Clock::time_point last_at_ = Clock::now();
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_STATUS_LINE_H_
