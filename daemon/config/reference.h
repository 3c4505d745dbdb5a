// The page that describes every option: deploy/reference.md.
//
//   fmt::print("{}", ConfigReference());
#ifndef TOCSIN_DAEMON_CONFIG_REFERENCE_H_
#define TOCSIN_DAEMON_CONFIG_REFERENCE_H_

#include <string>

namespace tocsin {

std::string ConfigReference();

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_REFERENCE_H_
