// `tocsin check`: configuration and rules, offline; on request what the brokers say, too.
//
//   return Check({.rules = {"my-rules"}, .strict = true}, stdout);
//
// Shape     rules alone, or a configuration with its rules. Warnings are told; only `strict` makes
//           them fail.
// Errors    InvalidArgument, NotFound: the configuration. DataLoss: rules that are broken or lack
//           examples.
#ifndef TOCSIN_DAEMON_CHECK_H_
#define TOCSIN_DAEMON_CHECK_H_

#include <absl/status/status.h>

#include <cstdio>
#include <string>
#include <vector>

namespace tocsin {

struct CheckOptions {
  std::string config_path;         // empty: rules alone
  std::vector<std::string> rules;  // empty: those of the configuration, else the shipped ones
  bool strict = false;
  bool online = false;  // needs a configuration
};

// Says what would run; touches no broker unless asked to.
absl::Status Check(const CheckOptions& options, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CHECK_H_
