// The JSON Schema (draft 2020-12) of the configuration, for editors and for those who generate it.
//
//   fmt::print("{}", ConfigSchema());
//
// Shape     of the whole configuration: a file that leaves something to its drop-ins may lack what
//           is required. A value with ${ is taken for any type, as only the environment tells.
#ifndef TOCSIN_DAEMON_CONFIG_SCHEMA_H_
#define TOCSIN_DAEMON_CONFIG_SCHEMA_H_

#include <string>

namespace tocsin {

std::string ConfigSchema();

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_SCHEMA_H_
