// A configuration as it holds: every option with the place that set it, secrets left out.
//
//   ASSIGN_OR_RETURN(const LoadedConfig loaded, LoadConfigFiles(path));
//   fmt::print("{}", PrintConfig(loaded));
//
// Shape     YAML that sets the same again, but for what is redacted. Secrets are: properties that
//           hold one, and whatever an environment variable went into that is named like one or that
//           such a property took, too. Of kafka_secrets the files are shown, not what they hold.
#ifndef TOCSIN_DAEMON_CONFIG_PRINT_H_
#define TOCSIN_DAEMON_CONFIG_PRINT_H_

#include <string>

#include "daemon/config/loaded.h"

namespace tocsin {

std::string PrintConfig(const LoadedConfig& loaded);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_PRINT_H_
