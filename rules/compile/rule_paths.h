// The rule files that paths name: files themselves, and the *.yaml of directories.
//
//   ASSIGN_OR_RETURN(const RulePaths paths, FindRuleFiles({"rules/catalog"}));
//
// Shape     sorted, each once; the common.yaml beside or above any of them apart.
// Errors    NotFound: a path that does not exist, or no rule file at all.
#ifndef TOCSIN_RULES_COMPILE_RULE_PATHS_H_
#define TOCSIN_RULES_COMPILE_RULE_PATHS_H_

#include <absl/status/statusor.h>

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace tocsin::rules {

// Where the named queries of a directory's rule files may be; what stands first comes first.
std::array<std::string, 2> CommonPaths(const std::filesystem::path& directory);

struct RulePaths {
  std::set<std::string> files;
  std::set<std::string> commons;
};

absl::StatusOr<RulePaths> FindRuleFiles(const std::vector<std::string>& given);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_RULE_PATHS_H_
