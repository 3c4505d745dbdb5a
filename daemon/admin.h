// The process's own pages: /metrics, /livez and /readyz, and others that it is given.
//
//   Admin admin(config, &counters, signals.token());
//   RETURN_IF_ERROR(admin.Listen(config.http_listen));
//   admin.reloads.Loaded(...); admin.metrics.Expect(config, *rule_set); admin.health.Started();
//
// Shape     /livez answers 200 as long as the process answers at all; /readyz 200 or 503, with the
//           reasons; /metrics Prometheus's text format.
// Errors    Listen: Unavailable, as HttpServer. "off": there is no server.
// Threads   any.
// Lifetime  the counters outlive it.
#ifndef TOCSIN_DAEMON_ADMIN_H_
#define TOCSIN_DAEMON_ADMIN_H_

#include <absl/status/status.h>

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/health.h"
#include "daemon/http_server.h"
#include "daemon/metrics.h"
#include "daemon/reload_status.h"
#include "pipeline/counters.h"

namespace tocsin {

class Admin {
 public:
  Admin(const Config& config, std::vector<Counters>* workers, std::stop_token stop);

  absl::Status Listen(const std::string& address, HttpServer::Pages pages = {});
  int port() const { return server_ == nullptr ? 0 : server_->port(); }

  Health health;
  ReloadStatus reloads;
  Metrics metrics;

 private:
  std::unique_ptr<HttpServer> server_;  // last: its threads use the others
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_ADMIN_H_
