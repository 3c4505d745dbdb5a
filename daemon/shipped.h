// Files that come with the program: beside the source tree that built it, else where the package
// puts them.
//
//   ASSIGN_OR_RETURN(auto rule_set, LoadRules(config.rules));
//
// Shape     build/<preset>/tocsin finds rules/catalog and tests/demo two directories up; an
//           installed one /usr/share/tocsin/rules and so on.
// Errors    as RuleSet::Load.
#ifndef TOCSIN_DAEMON_SHIPPED_H_
#define TOCSIN_DAEMON_SHIPPED_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace tocsin {

std::string ShippedRules();
std::string ShippedDemo();
std::string ShippedPresets();

// The rules at these paths; without any, the shipped ones.
absl::StatusOr<std::shared_ptr<const rules::RuleSet>> LoadRules(std::vector<std::string> paths);

// The same for commands whose input the rules are: broken ones are DataLoss, bad input data.
absl::StatusOr<std::shared_ptr<const rules::RuleSet>> LoadRulesAsInput(
    std::vector<std::string> paths);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_SHIPPED_H_
