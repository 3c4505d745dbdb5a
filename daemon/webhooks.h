// `tocsin notify`: alerts to webhooks.
//
//   return NotifyWebhooks("/etc/tocsin/tocsin.yaml");
//
// Shape     each webhook has a worker and a consumer group of its own, <notify.group>.<name>, so that
//           none waits for another's receiver. One that is new begins with the alerts of the last
//           notify.deadline_ms, not with all that there are. An offset is committed after each alert:
//           a crash repeats one at most.
// Errors    InvalidArgument: the configuration names no webhook, or a key is none; else as of Run.
#ifndef TOCSIN_DAEMON_WEBHOOKS_H_
#define TOCSIN_DAEMON_WEBHOOKS_H_

#include <absl/status/status.h>

#include <string>

namespace tocsin {

// Until SIGTERM or SIGINT: a post that is under way is awaited, an alert that waits for its next one
// is left to the next process.
absl::Status NotifyWebhooks(const std::string& config_path);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_WEBHOOKS_H_
