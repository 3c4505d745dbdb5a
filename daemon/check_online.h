// `tocsin check --online`: whether the Kafka brokers have and allow what a run needs.
//
//   RETURN_IF_ERROR(CheckOnline(config, *rule_set, stdout));
//
// Shape     every finding with the command that mends it. Nothing is written, committed or created.
// Errors    Unauthenticated, PermissionDenied: credentials or rights, whatever else is missing;
//           FailedPrecondition: Kafka topics; Unavailable: brokers that do not answer. As
//           ClientSettingsOf.
#ifndef TOCSIN_DAEMON_CHECK_ONLINE_H_
#define TOCSIN_DAEMON_CHECK_ONLINE_H_

#include <absl/status/status.h>

#include <cstdio>
#include <string>

#include "daemon/config.h"
#include "pipeline/broker/access.h"
#include "rules/rule_set.h"

namespace tocsin {

absl::Status CheckOnline(const Config& config, const rules::RuleSet& rule_set, std::FILE* out);

// What is wrong, and what to do about it.
std::string Describe(const broker::AccessFinding& finding, const broker::AccessReport& report,
                     const Config& config);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CHECK_ONLINE_H_
