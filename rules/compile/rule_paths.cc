#include "rules/compile/rule_paths.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <string_view>
#include <system_error>

namespace tocsin::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCommonName = "common.yaml";

absl::Status NoRules(const std::vector<std::string>& given) {
  for (const std::string& text : given) {
    const fs::path path(text);
    std::error_code error;
    if (path.filename() != kCommonName || fs::is_directory(path, error)) continue;
    return absl::NotFoundError(
        fmt::format("{}: it holds no rules, only queries for those beside and below it; give its "
                    "directory: {}",
                    text, path.has_parent_path() ? path.parent_path().string() : "."));
  }
  return absl::NotFoundError(fmt::format("{}: no rule files (*.yaml)", fmt::join(given, ", ")));
}

}  // namespace

std::array<std::string, 2> CommonPaths(const std::filesystem::path& directory) {
  return {(directory / kCommonName).lexically_normal().string(),
          (directory / ".." / kCommonName).lexically_normal().string()};
}

absl::StatusOr<RulePaths> FindRuleFiles(const std::vector<std::string>& given) {
  RulePaths paths;
  for (const std::string& text : given) {
    std::error_code error;
    const fs::path path(text);
    const bool is_directory = fs::is_directory(path, error);
    if (!is_directory && !fs::exists(path, error)) {
      return absl::NotFoundError(fmt::format("{}: no such rule file or directory", text));
    }
    const fs::path directory = is_directory ? path : path.parent_path();
    for (const std::string& common : CommonPaths(directory)) {
      if (fs::exists(common, error)) paths.commons.insert(common);
    }
    if (!is_directory) {
      if (path.filename() != kCommonName) paths.files.insert(path.lexically_normal().string());
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() != ".yaml" || entry.path().filename() == kCommonName) continue;
      paths.files.insert(entry.path().lexically_normal().string());
    }
    if (error) return absl::NotFoundError(fmt::format("{}: {}", text, error.message()));
  }
  if (paths.files.empty()) return NoRules(given);
  return paths;
}

}  // namespace tocsin::rules
