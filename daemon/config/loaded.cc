#include "daemon/config/loaded.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "daemon/config/alert_options.h"
#include "daemon/config/nearest.h"
#include "daemon/config/notify_options.h"
#include "daemon/config/options.h"
#include "daemon/config/reader.h"
#include "daemon/mappings.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

// What no single value shows; each at the place of the one to change.
class WholeCheck {
 public:
  WholeCheck(const LoadedConfig& loaded, const std::string& file, std::vector<std::string>* errors)
      : loaded_(loaded), file_(file), errors_(errors) {}

  void Run() {
    for (const Option& option : Options()) {
      if (option.is_required && !loaded_.places.contains(option.key)) {
        errors_->push_back(fmt::format("{}: {} is missing: {} For example: {}",
                                       Place{file_}.ToString(), option.key, option.summary,
                                       option.example));
      }
    }
    const Config& config = loaded_.config;
    if (std::count(config.input.begin(), config.input.end(), config.dead_letter) > 0) {
      Complain("dead_letter",
               fmt::format("dead_letter {} is also an input: its records would come back for ever",
                           config.dead_letter));
    }
    if (config.memory_budget / config.workers < kWorkerBytesMin) {
      Complain("memory_budget",
               fmt::format("memory_budget is less than 32MiB for each of the {} workers",
                           config.workers));
    }
    CheckMappings(config);
    for (const auto& [name, file] : config.kafka_secrets) {
      if (!config.kafka.contains(name)) continue;
      Complain("kafka_secrets." + name, fmt::format("{} is set under kafka, too ({})", name,
                                                    loaded_.places.at("kafka." + name).ToString()));
    }
    for (const AlertFault& fault : FindAlertFaults(config)) Complain(fault.key, fault.what);
    for (const NotifyFault& fault : FindNotifyFaults(config)) Complain(fault.key, fault.what);
  }

 private:
  void CheckMappings(const Config& config) {
    for (const auto& [kafka_topic, name] : config.mappings) {
      if (std::count(config.input.begin(), config.input.end(), kafka_topic) > 0) continue;
      Complain("mappings." + kafka_topic, fmt::format("{} is not an input; {}", kafka_topic,
                                                      DidYouMean(kafka_topic, config.input)));
    }
    const absl::Status loaded = LoadMappings(config.mappings).status();
    if (!loaded.ok()) Complain("mappings", std::string(loaded.message()));
  }

  void Complain(const std::string& key, std::string_view what) {
    const auto found = loaded_.places.find(key);
    const Place place = found == loaded_.places.end() ? Place{file_} : found->second;
    errors_->push_back(fmt::format("{}: {}", place.ToString(), what));
  }

  const LoadedConfig& loaded_;
  const std::string& file_;
  std::vector<std::string>* errors_;
};

absl::StatusOr<ConfigText> ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::error_code error;
  if (!file || std::filesystem::is_directory(path, error)) {  // a directory can be opened, too
    return absl::NotFoundError(fmt::format("{}: cannot be read", path));
  }
  std::string text(std::istreambuf_iterator<char>(file), {});
  return ConfigText{path, std::move(text)};
}

absl::StatusOr<std::vector<std::string>> FindDropIns(const std::string& path) {
  std::vector<std::string> paths;
  const std::filesystem::path directory = DropInDirectory(path);
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  if (error == std::errc::no_such_file_or_directory) return paths;
  while (!error && entry != std::filesystem::directory_iterator()) {
    const std::filesystem::path& file = entry->path();
    const bool is_hidden = file.filename().native().starts_with('.');
    if (file.extension() == ".yaml" && !is_hidden) paths.push_back(file);
    entry.increment(error);
  }
  if (error) {
    return absl::NotFoundError(
        fmt::format("{}: cannot be read: {}", directory.native(), error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

std::string Place::ToString() const { return fmt::format("{}:{}:{}", file, line, column); }

std::string DropInDirectory(const std::string& path) {
  return std::filesystem::path(path).replace_extension(".d");
}

absl::StatusOr<LoadedConfig> ReadConfigTexts(const std::vector<ConfigText>& texts) {
  LoadedConfig loaded;
  std::vector<std::string> errors;
  Reader reader(&loaded, &errors);
  for (const ConfigText& text : texts) reader.Read(text);
  WholeCheck(loaded, texts.front().file, &errors).Run();
  if (errors.empty()) return loaded;
  return absl::InvalidArgumentError(fmt::format("{}", fmt::join(errors, "\n")));
}

absl::StatusOr<LoadedConfig> LoadConfigFiles(const std::string& path) {
  std::vector<ConfigText> texts;
  ASSIGN_OR_RETURN(texts.emplace_back(), ReadFile(path));
  ASSIGN_OR_RETURN(const std::vector<std::string> drop_ins, FindDropIns(path));
  for (const std::string& drop_in : drop_ins) {
    ASSIGN_OR_RETURN(texts.emplace_back(), ReadFile(drop_in));
  }
  return ReadConfigTexts(texts);
}

}  // namespace tocsin
