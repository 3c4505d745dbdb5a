#include "daemon/shipped.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace tocsin {
namespace {

std::string Find(const std::filesystem::path& in_source_tree, const std::string& installed) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const auto root = self.parent_path().parent_path().parent_path();
    if (std::filesystem::exists(root / in_source_tree, error)) return root / in_source_tree;
  }
  return installed;
}

}  // namespace

std::string ShippedRules() { return Find("rules/catalog", "/usr/share/tocsin/rules"); }

std::string ShippedPresets() {
  return Find("pipeline/decode/presets", "/usr/share/tocsin/presets");
}

std::string ShippedDemo() { return Find("tests/demo", "/usr/share/tocsin/demo"); }

absl::StatusOr<std::shared_ptr<const rules::RuleSet>> LoadRules(std::vector<std::string> paths) {
  if (paths.empty()) paths.push_back(ShippedRules());
  return rules::RuleSet::Load(paths);
}

absl::StatusOr<std::shared_ptr<const rules::RuleSet>> LoadRulesAsInput(
    std::vector<std::string> paths) {
  auto rule_set = LoadRules(std::move(paths));
  if (rule_set.ok() || !absl::IsInvalidArgument(rule_set.status())) return rule_set;
  return absl::DataLossError(rule_set.status().message());
}

}  // namespace tocsin
