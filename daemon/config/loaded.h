// A configuration as read: what holds, and where each part of it was set.
//
//   ASSIGN_OR_RETURN(const LoadedConfig loaded, LoadConfigFiles("/etc/tocsin/tocsin.yaml"));
//   fmt::print("{}\n", loaded.places.at("workers").ToString());   // /etc/tocsin/tocsin.yaml:7:10
//
// Shape     after the file, the drop-ins beside it: of tocsin.yaml those in tocsin.d/*.yaml, in
//           byte order of their names. Each overrides scalars and lists, and adds to maps. places
//           and variables go by the option's key; of an entry of a map by <key>.<entry>.
// Errors    as LoadConfig: all of all files.
#ifndef TOCSIN_DAEMON_CONFIG_LOADED_H_
#define TOCSIN_DAEMON_CONFIG_LOADED_H_

#include <absl/status/statusor.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/config.h"

namespace tocsin {

struct Place {
  std::string file;
  int line = 1;
  int column = 1;

  std::string ToString() const;
};

struct LoadedConfig {
  Config config;
  std::map<std::string, Place> places;
  std::map<std::string, std::set<std::string>> variables;  // of the environment, put into values
};

struct ConfigText {
  std::string file;  // what errors name
  std::string text;
};

absl::StatusOr<LoadedConfig> LoadConfigFiles(const std::string& path);

// The first is the file, the others its drop-ins in order.
absl::StatusOr<LoadedConfig> ReadConfigTexts(const std::vector<ConfigText>& texts);

// Where drop-ins of this file are looked for.
std::string DropInDirectory(const std::string& path);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_LOADED_H_
