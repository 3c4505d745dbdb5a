#include "daemon/command_rules.h"

#include <memory>
#include <utility>

#include "daemon/config.h"
#include "daemon/shipped.h"
#include "rules/base/status_macros.h"

namespace tocsin {

absl::StatusOr<rules::Scanner> LoadScanner(const RuleOptions& options) {
  Config config;
  if (!options.config_path.empty()) {
    ASSIGN_OR_RETURN(config, LoadConfig(options.config_path));
  }
  ASSIGN_OR_RETURN(auto rule_set,
                   LoadRulesAsInput(options.rules.empty() ? config.rules : options.rules));
  ASSIGN_OR_RETURN(auto ignored, rules::IgnoredLines::Compile(config.ignore_lines));
  return rules::Scanner::Create(std::move(rule_set), std::move(ignored));
}

}  // namespace tocsin
