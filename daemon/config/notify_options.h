// The options of `tocsin notify`, as a part of the table.
//
//   for (const Option& option : HowAlertsAreNotified()) ...
#ifndef TOCSIN_DAEMON_CONFIG_NOTIFY_OPTIONS_H_
#define TOCSIN_DAEMON_CONFIG_NOTIFY_OPTIONS_H_

#include <string>
#include <vector>

#include "daemon/config/options.h"

namespace tocsin {

std::vector<Option> HowAlertsAreNotified();

// What no single value of the section shows: the key to change, and what is wrong.
struct NotifyFault {
  std::string key;
  std::string what;
};
std::vector<NotifyFault> FindNotifyFaults(const Config& config);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_NOTIFY_OPTIONS_H_
