// A mapping as YAML: how the articles of a format are read (pipeline/decode/README.md).
//
//   ASSIGN_OR_RETURN(const MappingSpec spec, ReadMapping(text, "my-feed.yaml"));
//
// Shape     the fields, each a selector, a constant or a list of alternatives; articles; name,
//           without which it is called as its file.
// Errors    InvalidArgument: every error, one a line, each `file:line:column: what`; an unknown or
//           doubled key is one.
#ifndef TOCSIN_DAEMON_CONFIG_MAPPING_FILE_H_
#define TOCSIN_DAEMON_CONFIG_MAPPING_FILE_H_

#include <absl/status/statusor.h>

#include <string>

#include "pipeline/decode/mapping.h"

namespace tocsin {

absl::StatusOr<MappingSpec> ReadMapping(const std::string& text, const std::string& file);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_MAPPING_FILE_H_
