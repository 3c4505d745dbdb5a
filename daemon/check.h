// `tocsin check`: configuration and rules, offline.
#ifndef TOCSIN_DAEMON_CHECK_H_
#define TOCSIN_DAEMON_CHECK_H_

#include <absl/status/status.h>

#include <string>

namespace tocsin {

// Says on standard output what would run; touches no broker.
absl::Status Check(const std::string& config_path);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CHECK_H_
