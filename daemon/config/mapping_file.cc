#include "daemon/config/mapping_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "daemon/config/loaded.h"
#include "daemon/config/nearest.h"

namespace tocsin {
namespace {

const std::vector<std::string>& AlternativeKeys() {
  static const std::vector<std::string> kKeys = {"select", "first", "join",
                                                 "const",  "type",  "with"};
  return kKeys;
}

std::vector<std::string> TopKeys() {
  std::vector<std::string> keys = {"name", "articles"};
  for (size_t i = 0; i < kMappedFieldCount; ++i) {
    keys.emplace_back(NameOf(static_cast<MappedField>(i)));
  }
  return keys;
}

bool IsText(MappedField field) {
  return field == MappedField::kBody || field == MappedField::kLead;
}

class MappingReader {
 public:
  explicit MappingReader(const std::string& file) : file_(file) {
    spec_.name = std::filesystem::path(file).stem();
  }

  absl::StatusOr<MappingSpec> Run(const std::string& text) {
    try {
      const std::vector<YAML::Node> documents = YAML::LoadAll(text);
      if (documents.empty() || !documents.front().IsMap()) {
        return absl::InvalidArgumentError(
            fmt::format("{}:1:1: expected fields with selectors, such as title: /headline", file_));
      }
      if (documents.size() > 1) Complain(documents[1], "a second document: only one is read");
      ReadTop(documents.front());
    } catch (const YAML::Exception& error) {
      errors_.push_back(Place{file_, error.mark.line + 1, error.mark.column + 1}.ToString() + ": " +
                        error.msg);
    }
    if (errors_.empty()) return std::move(spec_);
    return absl::InvalidArgumentError(fmt::format("{}", fmt::join(errors_, "\n")));
  }

 private:
  void ReadTop(const YAML::Node& map) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      if (!IsNew(entry.first, &seen)) continue;
      const std::string& name = entry.first.Scalar();
      if (name == "name") {
        ReadName(entry.second);
      } else if (name == "articles") {
        ReadArticles(entry.second);
      } else if (const auto field = FieldNamed(name)) {
        ReadField(*field, entry.second);
      } else {
        Complain(entry.first, fmt::format("unknown key {}; {}", name, DidYouMean(name, TopKeys())));
      }
    }
  }

  void ReadName(const YAML::Node& node) {
    if (!node.IsScalar() || node.Scalar().empty()) return Complain(node, "expected a name");
    spec_.name = node.Scalar();
  }

  void ReadArticles(const YAML::Node& node) {
    if (!node.IsSequence()) return ReadSelector(node, &spec_.articles);
    if (node.size() == 0) Complain(node, "expected a selector");
    for (const auto& each : node) ReadSelector(each, &spec_.articles);
  }

  void ReadField(MappedField field, const YAML::Node& node) {
    if (!node.IsSequence()) return ReadAlternative(field, node);
    if (node.size() == 0) Complain(node, "expected a selector");
    for (const auto& each : node) ReadAlternative(field, each);
  }

  void ReadAlternative(MappedField field, const YAML::Node& node) {
    Alternative alternative;
    alternative.joins = IsText(field);
    alternative.separator = IsText(field) ? "\n\n" : " ";
    if (node.IsMap()) {
      ReadParts(node, &alternative);
    } else {
      ReadSelector(node, &alternative.selectors);
    }
    spec_.Of(field).push_back(std::move(alternative));
  }

  void ReadParts(const YAML::Node& map, Alternative* alternative) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      if (IsNew(entry.first, &seen)) ReadPart(entry.first, entry.second, alternative);
    }
    const auto sources = std::count_if(seen.begin(), seen.end(), [](const std::string& key) {
      return key == "select" || key == "first" || key == "join" || key == "const";
    });
    if (sources != 1) Complain(map, "expected one of select, first, join and const");
    if (seen.contains("with") && !seen.contains("join")) Complain(map, "with goes with join");
  }

  void ReadPart(const YAML::Node& key, const YAML::Node& value, Alternative* alternative) {
    const std::string& name = key.Scalar();
    if (name == "select") {
      ReadSelector(value, &alternative->selectors);
    } else if (name == "first") {
      alternative->joins = false;
      ReadSelector(value, &alternative->selectors);
    } else if (name == "join") {
      alternative->joins = true;
      if (!value.IsSequence() || value.size() == 0) {
        return Complain(value, "expected selectors, such as [/summary, /text]");
      }
      for (const auto& each : value) ReadSelector(each, &alternative->selectors);
    } else if (name == "const") {
      alternative->constant = ReadText(value).value_or("");
      if (alternative->constant.empty()) Complain(value, "expected text");
    } else if (name == "with") {
      alternative->separator = ReadText(value).value_or("");
    } else if (name == "type") {
      ReadType(value, alternative);
    } else {
      Complain(key, fmt::format("unknown key {}; {}", name, DidYouMean(name, AlternativeKeys())));
    }
  }

  void ReadType(const YAML::Node& node, Alternative* alternative) {
    const std::optional<std::string> type = ReadText(node);
    if (type == "html") {
      alternative->type = TextType::kHtml;
    } else if (type == "text") {
      alternative->type = TextType::kPlain;
    } else {
      Complain(node, "expected html or text");
    }
  }

  std::optional<std::string> ReadText(const YAML::Node& node) {
    if (node.IsScalar()) return node.Scalar();
    Complain(node, "expected text");
    return std::nullopt;
  }

  void ReadSelector(const YAML::Node& node, std::vector<Selector>* selectors) {
    // A bare ~ is YAML's null; the document itself is "".
    if (!node.IsScalar()) return Complain(node, "expected a selector, such as /headline");
    absl::StatusOr<Selector> selector = ParseSelector(node.Scalar());
    if (!selector.ok()) return Complain(node, std::string(selector.status().message()));
    selectors->push_back(*std::move(selector));
  }

  bool IsNew(const YAML::Node& name, std::set<std::string>* seen) {
    if (!name.IsScalar() || name.Scalar().empty()) {
      Complain(name, "expected a key");
      return false;
    }
    if (seen->insert(name.Scalar()).second) return true;
    Complain(name, fmt::format("{} is set twice", name.Scalar()));
    return false;
  }

  void Complain(const YAML::Node& node, std::string_view what) {
    const YAML::Mark mark = node.Mark();
    const Place place =
        mark.is_null() ? Place{file_} : Place{file_, mark.line + 1, mark.column + 1};
    errors_.push_back(fmt::format("{}: {}", place.ToString(), what));
  }

  const std::string& file_;
  MappingSpec spec_;
  std::vector<std::string> errors_;
};

}  // namespace

absl::StatusOr<MappingSpec> ReadMapping(const std::string& text, const std::string& file) {
  return MappingReader(file).Run(text);
}

}  // namespace tocsin
