#include "daemon/mappings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "daemon/config/mapping_file.h"
#include "daemon/config/nearest.h"
#include "daemon/shipped.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::string_view kSuffix = ".yaml";

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(ShippedPresets(), error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == kSuffix) names.push_back(entry->path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool IsFile(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(kSuffix);
}

std::string NearestAndAll(const std::string& name, const std::vector<std::string>& names) {
  std::string told = DidYouMean(name, names);
  // Where none is near it tells them all by itself.
  if (told.ends_with('?')) told += fmt::format("; all: {}", fmt::join(names, ", "));
  return told;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Mapping>> LoadMapping(const std::string& name) {
  if (name == Mapping::Flat()->spec().name) return Mapping::Flat();
  const std::string path =
      IsFile(name) ? name : fmt::format("{}/{}{}", ShippedPresets(), name, kSuffix);
  std::ifstream file(path);
  std::error_code error;
  if (!file || std::filesystem::is_directory(path, error)) {
    if (IsFile(name)) return absl::NotFoundError(fmt::format("{}: cannot be read", path));
    return absl::InvalidArgumentError(
        fmt::format("no preset {}; {}", name, NearestAndAll(name, PresetNames())));
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ASSIGN_OR_RETURN(MappingSpec spec, ReadMapping(text, path));
  auto mapping = Mapping::Compile(std::move(spec));
  if (mapping.ok()) return mapping;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", path, std::string(mapping.status().message())));
}

absl::StatusOr<Mappings> LoadMappings(const std::map<std::string, std::string>& names) {
  Mappings mappings;
  std::map<std::string, std::string> places;
  for (const auto& [kafka_topic, name] : names) {
    ASSIGN_OR_RETURN(mappings[kafka_topic], LoadMapping(name));
    const std::string& published = mappings[kafka_topic]->spec().name;
    const auto [place, is_new] = places.try_emplace(published, name);
    if (!is_new && place->second != name) {
      return absl::InvalidArgumentError(
          fmt::format("{} and {} are both called {}: what is published names the mapping that it "
                      "can be read by; give one another name",
                      place->second, name, published));
    }
  }
  return mappings;
}

}  // namespace tocsin
