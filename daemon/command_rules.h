// What the commands that look into rules scan with: rules, and the lines that a configuration hides
// from them.
//
//   ASSIGN_OR_RETURN(rules::Scanner scanner, LoadScanner({.rules = {"my-rules"}}));
//
// Errors    InvalidArgument, NotFound: the configuration; NotFound: a path. Broken rules are
//           DataLoss, bad input data: here they are the input.
#ifndef TOCSIN_DAEMON_COMMAND_RULES_H_
#define TOCSIN_DAEMON_COMMAND_RULES_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "rules/scanner.h"

namespace tocsin {

struct RuleOptions {
  std::vector<std::string> rules;  // empty: those of the configuration, else the shipped ones
  std::string config_path;         // empty: none
};

absl::StatusOr<rules::Scanner> LoadScanner(const RuleOptions& options);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_COMMAND_RULES_H_
