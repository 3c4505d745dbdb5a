#include "daemon/check.h"

#include <fmt/format.h>

#include "daemon/config.h"
#include "daemon/shipped.h"
#include "rules/base/status_macros.h"

namespace tocsin {

absl::Status Check(const std::string& config_path) {
  ASSIGN_OR_RETURN(const Config config, LoadConfig(config_path));
  ASSIGN_OR_RETURN(const auto rule_set, LoadRules(config.rules));
  RETURN_IF_ERROR(CheckNoLoop(config, *rule_set));
  fmt::print("{}: good; {} rules on {} topics, rule set {}\n", config_path,
             rule_set->rules().size(), rule_set->topics().size(), rule_set->version());
  return absl::OkStatus();
}

}  // namespace tocsin
