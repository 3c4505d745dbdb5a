#include "daemon/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "daemon/check_online.h"
#include "daemon/config.h"
#include "daemon/shipped.h"
#include "rules/base/status_macros.h"
#include "rules/compile/lint.h"

namespace tocsin {
namespace {

size_t CountWarnings(const std::vector<rules::Diagnostic>& findings) {
  return static_cast<size_t>(std::count_if(
      findings.begin(), findings.end(), [](const rules::Diagnostic& d) { return d.is_warning; }));
}

}  // namespace

absl::Status Check(const CheckOptions& options, std::FILE* out) {
  std::optional<Config> config;
  if (options.online && options.config_path.empty()) {
    return absl::UnimplementedError("--online needs a configuration: --config");
  }
  if (!options.config_path.empty()) {
    ASSIGN_OR_RETURN(config, LoadConfig(options.config_path));
  }
  std::vector<std::string> paths = options.rules;
  if (paths.empty() && config) paths = config->rules;
  if (paths.empty()) paths.push_back(ShippedRules());

  ASSIGN_OR_RETURN(const rules::LintReport report, rules::LintRules(paths));
  if (!report.loaded.ok()) fmt::print(out, "{}\n", std::string(report.loaded.message()));
  if (!report.findings.empty()) fmt::print(out, "{}\n", rules::ToText(report.findings));
  if (!report.loaded.ok()) return absl::DataLossError("the rules do not load");

  const size_t warnings = CountWarnings(report.findings);
  const size_t errors = report.findings.size() - warnings;
  fmt::print(out, "{} rules on {} topics, rule set {}; {} errors, {} warnings\n",
             report.rule_set->rules().size(), report.rule_set->topics().size(),
             report.rule_set->version(), errors, warnings);
  if (errors > 0) return absl::DataLossError(fmt::format("{} errors in the rules", errors));
  if (options.strict && warnings > 0) {
    return absl::DataLossError(fmt::format("{} warnings, and --strict", warnings));
  }
  if (!config) return absl::OkStatus();
  RETURN_IF_ERROR(CheckNoLoop(*config, *report.rule_set));
  if (options.online) RETURN_IF_ERROR(CheckOnline(*config, *report.rule_set, out));
  fmt::print(out, "{}: good\n", options.config_path);
  return absl::OkStatus();
}

}  // namespace tocsin
