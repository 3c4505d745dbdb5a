#include "daemon/config/print.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/config/options.h"
#include "daemon/config/substitute.h"

namespace tocsin {
namespace {

constexpr std::string_view kRedacted = "<redacted>";

// Quoted where a flow collection, the strictest place, needs it.
std::string Scalar(std::string_view text) {
  YAML::Emitter out;
  out << YAML::Flow << YAML::BeginSeq << Escape(text) << YAML::EndSeq;
  const std::string_view sequence = out.c_str();
  return std::string(sequence.substr(1, sequence.size() - 2));
}

class Printer {
 public:
  explicit Printer(const LoadedConfig& loaded) : loaded_(loaded) {
    for (const auto& [key, variables] : loaded.variables) {
      for (const std::string& variable : variables) {
        if (IsSecretEntry(key) || IsSecretVariable(variable)) secret_.insert(variable);
      }
    }
  }

  std::string Print() {
    for (const Option& option : Options()) {
      if (option.type == OptionType::kSection) {
        text_ += option.key + ":\n";
      } else {
        PrintOption(option);
      }
    }
    return std::move(text_);
  }

 private:
  // Of a map's entry: kafka.sasl.password.
  static bool IsSecretEntry(const std::string& key) {
    return std::any_of(Options().begin(), Options().end(), [&](const Option& option) {
      return option.is_secret != nullptr && key.starts_with(option.key + ".") &&
             option.is_secret(std::string_view(key).substr(option.key.size() + 1));
    });
  }

  bool IsRedacted(const std::string& key) const {
    if (IsSecretEntry(key)) return true;
    const auto variables = loaded_.variables.find(key);
    return variables != loaded_.variables.end() &&
           std::any_of(variables->second.begin(), variables->second.end(),
                       [&](const std::string& variable) { return secret_.contains(variable); });
  }

  std::string Show(const std::string& key, const std::string& text) const {
    return Scalar(IsRedacted(key) ? kRedacted : text);
  }

  std::string Origin(const std::string& key) const {
    const auto place = loaded_.places.find(key);
    return place == loaded_.places.end()
               ? "default"
               : fmt::format("{}:{}", place->second.file, place->second.line);
  }

  void PrintOption(const Option& option) {
    const std::string indent = SectionOf(option).empty() ? "" : "  ";
    const Value value = option.get(loaded_.config);
    if (IsEmpty(value)) {
      text_ += fmt::format("{}# {}: not set: {}\n", indent, NameOf(option), option.unset);
    } else if (const auto* const map = std::get_if<std::map<std::string, std::string>>(&value)) {
      text_ += fmt::format("{}{}:\n", indent, NameOf(option));
      for (const auto& [name, held] : *map) {
        const std::string key = fmt::format("{}.{}", option.key, name);
        text_ +=
            fmt::format("{}  {}: {}  # {}\n", indent, Scalar(name), Show(key, held), Origin(key));
      }
    } else {
      text_ += fmt::format("{}{}: {}  # {}\n", indent, NameOf(option), ShowValue(option, value),
                           Origin(option.key));
    }
  }

  std::string ShowValue(const Option& option, const Value& value) const {
    const auto* const list = std::get_if<std::vector<std::string>>(&value);
    if (list == nullptr) return Show(option.key, ToText(option, value));
    std::vector<std::string> shown;
    for (const std::string& each : *list) shown.push_back(Show(option.key, each));
    return fmt::format("[{}]", fmt::join(shown, ", "));
  }

  const LoadedConfig& loaded_;
  std::set<std::string> secret_;  // variables
  std::string text_;
};

}  // namespace

std::string PrintConfig(const LoadedConfig& loaded) { return Printer(loaded).Print(); }

}  // namespace tocsin
