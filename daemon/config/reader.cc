#include "daemon/config/reader.h"

#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "daemon/config/nearest.h"
#include "daemon/config/substitute.h"

namespace tocsin {
namespace {

std::vector<std::string> KeysIn(const std::string& section) {
  std::vector<std::string> keys;
  for (const Option& option : Options()) {
    if (SectionOf(option) == section) keys.emplace_back(NameOf(option));
  }
  // A mistake of level, too: at the top, what lies deeper is named in full.
  for (const Option& option : Options()) {
    if (section.empty() && !SectionOf(option).empty()) keys.push_back(option.key);
  }
  return keys;
}

const Option* FindOption(const std::string& section, const std::string& name) {
  const auto found = std::find_if(Options().begin(), Options().end(), [&](const Option& option) {
    return SectionOf(option) == section && NameOf(option) == name;
  });
  return found == Options().end() ? nullptr : &*found;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// 256MiB; nothing if it is no number, or beyond an int64_t.
std::optional<int64_t> ParseNumber(const std::string& text, bool has_unit) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  for (const auto& [name, bits] : {std::pair("", 0), {"KiB", 10}, {"MiB", 20}, {"GiB", 30}}) {
    if (std::string_view(unit, end - unit) != name) continue;
    if ((bits > 0 && !has_unit) || number < 0 || number > (INT64_MAX >> bits)) return std::nullopt;
    return number << bits;
  }
  return std::nullopt;
}

}  // namespace

void Reader::Read(const ConfigText& text) {
  file_ = text.file;
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text.text);
    if (documents.empty() || documents.front().IsNull()) return;
    if (documents.size() > 1) Complain(documents[1], "a second document: only one is read");
    name_ = documents.front();
    ReadSection(documents.front(), "");
  } catch (const YAML::Exception& error) {
    const Place place{file_, error.mark.line + 1, error.mark.column + 1};
    errors_->push_back(fmt::format("{}: {}", place.ToString(), error.msg));
  }
}

void Reader::ReadSection(const YAML::Node& map, const std::string& section) {
  if (!map.IsMap()) return Complain(map, "expected keys with values");
  std::set<std::string> seen;
  for (const auto& entry : map) {
    if (!IsNew(entry.first, &seen)) continue;
    const std::string& name = entry.first.Scalar();
    if (const Option* const option = FindOption(section, name)) {
      ReadEntry(entry.first, entry.second, *option);
    } else {
      Complain(entry.first,
               fmt::format("unknown key {}; {}", name, DidYouMean(name, KeysIn(section))));
    }
  }
}

void Reader::ReadEntry(const YAML::Node& name, const YAML::Node& node, const Option& option) {
  name_.reset(name);
  if (option.type == OptionType::kSection) {
    ReadSection(node, option.key);
  } else {
    ReadOption(node, option);
  }
}

void Reader::ReadOption(const YAML::Node& node, const Option& option) {
  const Place place = PlaceOf(node);
  loaded_->variables.erase(option.key);
  const std::optional<Value> value = ReadValue(node, option);
  loaded_->places[option.key] = place;
  if (value) option.set(&loaded_->config, *value);
}

std::optional<Value> Reader::ReadValue(const YAML::Node& node, const Option& option) {
  switch (option.type) {
    case OptionType::kText:
      if (std::optional<Text> text = ReadText(node, option.key)) return std::move(text->text);
      return std::nullopt;
    case OptionType::kKafkaTopic:
      return ReadKafkaTopic(node, option);
    case OptionType::kChoice:
      return ReadChoice(node, option);
    case OptionType::kInteger:
    case OptionType::kBytes:
    case OptionType::kMilliseconds:
      return ReadNumber(node, option);
    case OptionType::kList:
      return ReadList(node, option);
    case OptionType::kMap:
      return ReadMap(node, option);
    case OptionType::kSection:
      break;
  }
  return std::nullopt;
}

std::optional<Reader::Text> Reader::ReadText(const YAML::Node& node, const std::string& key) {
  if (!node.IsScalar()) {
    Complain(node, "expected text");
    return std::nullopt;
  }
  absl::StatusOr<Substituted> substituted = Substitute(node.Scalar());
  if (!substituted.ok()) {
    Complain(node, std::string(substituted.status().message()));
    return std::nullopt;
  }
  if (substituted->text.empty()) {
    Complain(node, node.Scalar().empty()
                       ? "expected text"
                       : fmt::format("expected text, but {} is empty", node.Scalar()));
    return std::nullopt;
  }
  if (!substituted->variables.empty()) {
    loaded_->variables[key].insert(substituted->variables.begin(), substituted->variables.end());
  }
  const bool is_hidden =
      std::any_of(substituted->variables.begin(), substituted->variables.end(), &IsSecretVariable);
  return Text{std::move(substituted->text), is_hidden};
}

std::optional<Value> Reader::ReadKafkaTopic(const YAML::Node& node, const Option& option) {
  const std::optional<Text> read = ReadText(node, option.key);
  if (!read) return std::nullopt;
  std::string name = read->text;
  if (option.has_placeholder) name = absl::StrReplaceAll(name, {{"{topic}", "topic"}});
  if (IsKafkaTopic(name)) return read->text;
  Complain(node,
           fmt::format("{} cannot name a Kafka topic", read->is_hidden ? "its value" : read->text));
  return std::nullopt;
}

std::optional<Value> Reader::ReadChoice(const YAML::Node& node, const Option& option) {
  const std::optional<Text> read = ReadText(node, option.key);
  if (!read) return std::nullopt;
  if (Contains(option.choices, read->text)) return read->text;
  Complain(node, fmt::format("expected {}", fmt::join(option.choices, " or ")));
  return std::nullopt;
}

std::optional<Value> Reader::ReadNumber(const YAML::Node& node, const Option& option) {
  const std::optional<Text> read = ReadText(node, option.key);
  if (!read) return std::nullopt;
  const bool is_bytes = option.type == OptionType::kBytes;
  const std::optional<int64_t> number = ParseNumber(read->text, is_bytes);
  if (number && *number >= option.min && *number <= option.max) return *number;
  Complain(node,
           is_bytes ? fmt::format("expected bytes, such as 256MiB or 1GiB, of at least {}",
                                  ToText(option, option.min))
                    : fmt::format("expected a whole number from {} to {}", option.min, option.max));
  return std::nullopt;
}

std::optional<Value> Reader::ReadList(const YAML::Node& node, const Option& option) {
  if (!node.IsSequence() || node.size() == 0) {
    Complain(node, "expected a list, such as [one, two]");
    return std::nullopt;
  }
  std::vector<std::string> list;
  bool is_hidden = false;
  for (const auto& each : node) {
    std::optional<Text> text = ReadText(each, option.key);
    if (!text) continue;
    is_hidden |= text->is_hidden;
    list.push_back(std::move(text->text));
  }
  if (list.size() < node.size()) return std::nullopt;
  const absl::Status status = option.check_list ? option.check_list(list) : absl::OkStatus();
  if (status.ok()) return list;
  Complain(node, is_hidden ? "one of them is refused" : std::string(status.message()));
  return std::nullopt;
}

std::optional<Value> Reader::ReadMap(const YAML::Node& node, const Option& option) {
  if (!node.IsMap()) {
    Complain(node, "expected keys with values");
    return std::nullopt;
  }
  auto map = std::get<std::map<std::string, std::string>>(option.get(loaded_->config));
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!IsNew(entry.first, &seen)) continue;
    const std::string& name = entry.first.Scalar();
    const std::string key = fmt::format("{}.{}", option.key, name);
    name_.reset(entry.first);
    loaded_->places[key] = PlaceOf(entry.first);
    loaded_->variables.erase(key);
    std::optional<Text> text = ReadText(entry.second, key);
    if (!text) continue;
    const bool is_hidden = text->is_hidden || (option.is_secret && option.is_secret(name));
    const absl::Status status = option.check_entry(name, text->text, is_hidden);
    const std::vector<std::string> names = option.names();
    if (status.ok()) {
      map[name] = std::move(text->text);
    } else if (names.empty() || Contains(names, name) || Contains(option.denied(), name)) {
      Complain(entry.first, std::string(status.message()));
    } else {
      Complain(entry.first,
               fmt::format("{}; {}", std::string(status.message()), DidYouMean(name, names)));
    }
  }
  return map;
}

bool Reader::IsNew(const YAML::Node& name, std::set<std::string>* seen) {
  if (!name.IsScalar() || name.Scalar().empty()) {
    Complain(name, "expected a key");
    return false;
  }
  if (name.Scalar().find("${") != std::string::npos) {
    Complain(name, fmt::format("{}: variables are put into values, not into keys", name.Scalar()));
    return false;
  }
  if (seen->insert(name.Scalar()).second) return true;
  Complain(name, fmt::format("{} is set twice", name.Scalar()));
  return false;
}

Place Reader::PlaceOf(const YAML::Node& node) const {
  YAML::Mark mark = node.Mark();
  if (node.IsNull() || mark.is_null()) mark = name_.Mark();
  if (mark.is_null()) return {.file = file_};
  return {.file = file_, .line = mark.line + 1, .column = mark.column + 1};
}

void Reader::Complain(const YAML::Node& node, std::string_view what) {
  errors_->push_back(fmt::format("{}: {}", PlaceOf(node).ToString(), what));
}

}  // namespace tocsin
