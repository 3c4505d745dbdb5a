// What is wrong or unwise in rule files, all of it in one run.
//
//   ASSIGN_OR_RETURN(const LintReport report, LintRules({"rules/catalog"}));
//   fmt::print("{}\n", ToText(report.findings));
//
// Shape     errors: a rule without examples or counterexamples. Warnings: equal queries and names,
//           atoms and wildcards that find too much, operands that make no difference, rules that
//           are costly, named queries that nothing names, languages that no article has.
// Cost      reads and compiles the files; of long lists about 10 us a name.
// Errors    NotFound: a path. Files that do not load are no error here: `loaded` tells all of
//           theirs.
#ifndef TOCSIN_RULES_COMPILE_LINT_H_
#define TOCSIN_RULES_COMPILE_LINT_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "rules/compile/diagnostics.h"
#include "rules/rule_set.h"

namespace tocsin::rules {

struct LintReport {
  absl::Status loaded;                      // of RuleSet::Load
  std::shared_ptr<const RuleSet> rule_set;  // null if that failed
  std::vector<Diagnostic> findings;
};

absl::StatusOr<LintReport> LintRules(const std::vector<std::string>& paths);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_LINT_H_
