// The options of `tocsin alert`, as a part of the table.
//
//   for (const Option& option : HowAlertsAreMade()) ...
//   ASSIGN_OR_RETURN(const AlertSelection selection, SelectionOf(config.alert));
//
// Errors    SelectionOf: InvalidArgument, which the reader has told already.
#ifndef TOCSIN_DAEMON_CONFIG_ALERT_OPTIONS_H_
#define TOCSIN_DAEMON_CONFIG_ALERT_OPTIONS_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "daemon/config/options.h"
#include "pipeline/alert/selection.h"

namespace tocsin {

std::vector<Option> HowAlertsAreMade();

absl::StatusOr<AlertSelection> SelectionOf(const AlertConfig& config);

// What no single value of the section shows: the key to change, and what is wrong.
struct AlertFault {
  std::string key;
  std::string what;
};
std::vector<AlertFault> FindAlertFaults(const Config& config);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_ALERT_OPTIONS_H_
