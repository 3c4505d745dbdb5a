// Mappings by name: presets that come with the program, and files.
//
//   ASSIGN_OR_RETURN(auto mapping, LoadMapping("ninjs"));
//   ASSIGN_OR_RETURN(auto mapping, LoadMapping("/etc/tocsin/mappings/feed.yaml"));
//
// Shape     what holds a / or ends in .yaml is a file, anything else a preset.
// Errors    InvalidArgument: no such preset, or all that is wrong with the file. NotFound: it
//           cannot be read.
#ifndef TOCSIN_DAEMON_MAPPINGS_H_
#define TOCSIN_DAEMON_MAPPINGS_H_

#include <absl/status/statusor.h>

#include <map>
#include <memory>
#include <string>

#include "pipeline/article_handler.h"
#include "pipeline/decode/mapping.h"

namespace tocsin {

absl::StatusOr<std::shared_ptr<const Mapping>> LoadMapping(const std::string& name);

// Of each input Kafka topic that has one. Two files of the same name would be told apart by nothing
// in what is published: InvalidArgument.
absl::StatusOr<Mappings> LoadMappings(const std::map<std::string, std::string>& names);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_MAPPINGS_H_
