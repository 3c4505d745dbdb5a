// The name that a mistyped one was meant to be.
//
//   DidYouMean("wrokers", {"brokers", "workers"})   // "did you mean workers?"
//
// Shape     by the least number of letters left out, added, changed or swapped with the next; of
//           equals one with the same first letter. A key deeper down is also found by its last part.
//           Where nothing is near, all names are told, unless there are many.
#ifndef TOCSIN_DAEMON_CONFIG_NEAREST_H_
#define TOCSIN_DAEMON_CONFIG_NEAREST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

// Optimal string alignment distance.
size_t EditDistance(std::string_view a, std::string_view b);

std::string DidYouMean(std::string_view name, const std::vector<std::string>& names);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_NEAREST_H_
