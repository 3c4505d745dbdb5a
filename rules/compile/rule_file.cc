#include "rules/compile/rule_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "rules/compile/yaml_tree.h"

namespace tocsin::rules {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
}

bool IsEmpty(const YamlNode& node) {
  return node.IsNull() || (node.IsScalar() && node.scalar.empty());
}

bool IsWritten(const YamlNode* node) {
  return node != nullptr && !node->IsNull() && !(node->IsList() && node->items.empty());
}

// Reads the nodes of one file; every complaint goes to the diagnostics with its place.
class Reader {
 public:
  Reader(RuleFile* file, Diagnostics* diagnostics) : file_(*file), diagnostics_(*diagnostics) {}

  void Read(const YamlNode& root) {
    if (!root.IsMap())
      return Complain(root, "a rule file is a mapping", "start with `topic: name`");
    if (file_.is_common) {
      CheckKeys(root, {"queries"});
    } else {
      CheckKeys(root, {"topic", "title", "codes", "queries", "rules"});
      ReadTopic(root);
    }
    ForEachPair(root, "queries", [this](const YamlNode& key, const YamlNode& value) {
      if (auto query = QueryOf(value, key.scalar, key.scalar))
        file_.queries.push_back(*std::move(query));
    });
    if (!file_.is_common) ReadRules(root);
  }

 private:
  void Complain(const YamlNode& at, std::string what, std::string mend) {
    Diagnostic diagnostic = AtPlace(file_.text, at.line, at.column);
    diagnostic.what = std::move(what);
    diagnostic.mend = std::move(mend);
    diagnostics_.Add(std::move(diagnostic));
  }

  void CheckKeys(const YamlNode& map, std::initializer_list<std::string_view> known) {
    for (size_t i = 0; i < map.items.size(); i += 2) {
      const YamlNode& key = map.items[i];
      if (std::find(known.begin(), known.end(), key.scalar) == known.end()) {
        Complain(key, fmt::format("unknown key `{}`", key.scalar),
                 fmt::format("known are: {}", fmt::join(known, ", ")));
      }
    }
    CheckEachOnce(map);
  }

  void CheckEachOnce(const YamlNode& map) {
    std::set<std::string_view> seen;
    for (size_t i = 0; i < map.items.size(); i += 2) {
      const YamlNode& key = map.items[i];
      if (!seen.insert(key.scalar).second) {
        Complain(key, fmt::format("`{}` is there twice", key.scalar), "keep one");
      }
    }
  }

  std::string ScalarOf(const YamlNode& map, const char* key, bool required) {
    const YamlNode* node = map.Find(key);
    if (node == nullptr) {
      if (required) Complain(map, fmt::format("`{}:` is missing", key), "add it");
      return {};
    }
    if (node->IsScalar() && !IsEmpty(*node)) return node->scalar;
    const bool is_empty = IsEmpty(*node);
    Complain(*node, fmt::format("`{}:` is {}", key, is_empty ? "empty" : "no text"),
             is_empty ? "write its value behind it" : "write one value");
    return {};
  }

  template <typename Visit>
  void ForEachPair(const YamlNode& map, const char* key, Visit visit) {
    const YamlNode* node = map.Find(key);
    if (node == nullptr || node->IsNull()) return;
    if (!node->IsMap()) {
      return Complain(*node, fmt::format("`{}:` is no mapping", key),
                      "write `name: value` lines below it");
    }
    CheckEachOnce(*node);
    for (size_t i = 0; i < node->items.size(); i += 2) visit(node->items[i], node->items[i + 1]);
  }

  const std::vector<YamlNode>& ListOf(const YamlNode& map, const char* key) {
    static const std::vector<YamlNode> kNone;
    const YamlNode* node = map.Find(key);
    if (node == nullptr || node->IsNull()) return kNone;
    if (node->IsList()) return node->items;
    Complain(*node, fmt::format("`{}:` is no list", key), "write `- value` lines below it");
    return kNone;
  }

  void ReadTopic(const YamlNode& root) {
    file_.topic.name = ScalarOf(root, "topic", true);
    file_.topic.title = ScalarOf(root, "title", false);
    if (!file_.topic.name.empty() && !IsName(file_.topic.name)) {
      Complain(
          *root.Find("topic"), fmt::format("`{}` cannot name a topic", file_.topic.name),
          "letters, digits, `_`, `-` and `.` are taken: it becomes part of a Kafka topic's name");
    }
    ForEachPair(root, "codes", [this](const YamlNode& key, const YamlNode& value) {
      if (!value.IsScalar())
        return Complain(value, "a code that is no text", "write `iptc: medtop:20000642`");
      file_.topic.codes.emplace_back(key.scalar, value.scalar);
    });
    std::sort(file_.topic.codes.begin(), file_.topic.codes.end());
  }

  void ReadRules(const YamlNode& root) {
    const std::vector<YamlNode>& rules = ListOf(root, "rules");
    if (rules.empty()) return Complain(root, "no rules", "add at least one below `rules:`");
    for (const YamlNode& rule : rules) ReadRule(rule);
  }

  void ReadRule(const YamlNode& node) {
    if (!node.IsMap()) return Complain(node, "a rule is a mapping", "start it with `- id: name`");
    CheckKeys(node, {"id", "status", "query", "phrases_file", "languages", "examples",
                     "counterexamples", "known_misses"});
    WrittenRule rule;
    rule.line = node.line;
    rule.column = node.column;
    const std::string id = ScalarOf(node, "id", true);
    if (!id.empty() && !IsName(id)) {
      Complain(*node.Find("id"), fmt::format("`{}` cannot be an id", id),
               "letters, digits, `_`, `-` and `.` are taken");
    }
    rule.status = StatusOf(node);
    for (const YamlNode& language : ListOf(node, "languages")) {
      if (!language.IsScalar() || language.scalar.empty()) {
        Complain(language, "`languages:` holds something that is no text", "write `- en`");
      }
      rule.languages.push_back(language.scalar);
    }
    rule.examples = ExamplesOf(node, "examples");
    rule.counterexamples = ExamplesOf(node, "counterexamples");
    rule.has_examples = IsWritten(node.Find("examples"));
    rule.has_counterexamples = IsWritten(node.Find("counterexamples"));
    rule.known_misses = ExamplesOf(node, "known_misses");
    if (ReadWhatToFind(node, id, &rule)) file_.rules.push_back(std::move(rule));
  }

  bool ReadWhatToFind(const YamlNode& node, const std::string& id, WrittenRule* rule) {
    const YamlNode* const query = node.Find("query");
    const YamlNode* const phrases = node.Find("phrases_file");
    if (query == nullptr && phrases == nullptr) {
      Complain(node, fmt::format("rule `{}` has no query", id), "add `query:` or `phrases_file:`");
      return false;
    }
    if (query != nullptr && phrases != nullptr) {
      Complain(*phrases, fmt::format("rule `{}` has a query too", id), "make two rules of it");
      return false;
    }
    auto written = query != nullptr ? QueryOf(*query, id, "query") : PathOf(*phrases, id);
    if (!written) return false;
    rule->query = *std::move(written);
    if (query != nullptr) return true;
    const std::filesystem::path path =
        std::filesystem::path(file_.text.path).parent_path() / rule->query.text;
    rule->phrases_path = path.lexically_normal().string();
    std::error_code error;
    if (std::filesystem::is_regular_file(rule->phrases_path, error)) return true;
    Complain(*phrases, fmt::format("{}: no such file", rule->phrases_path),
             "write its path from this file's directory");
    return false;
  }

  RuleStatus StatusOf(const YamlNode& node) {
    const std::string status = ScalarOf(node, "status", false);
    if (status == "experimental") return RuleStatus::kExperimental;
    if (!status.empty() && status != "stable") {
      Complain(*node.Find("status"), fmt::format("unknown status `{}`", status),
               "write stable or experimental");
    }
    return RuleStatus::kStable;
  }

  std::vector<Example> ExamplesOf(const YamlNode& node, const char* key) {
    std::vector<Example> examples;
    for (const YamlNode& example : ListOf(node, key)) {
      if (example.IsScalar()) {
        examples.push_back(PlainExample(example));
      } else if (example.IsMap()) {
        if (auto by_field = ExampleByField(example)) examples.push_back(*std::move(by_field));
      } else {
        Complain(example, fmt::format("`{}:` holds something that is no text", key),
                 "write a text, or `{title: ..., lead: ..., body: ...}`");
      }
    }
    return examples;
  }

  // A body; of several lines the first is the title.
  static Example PlainExample(const YamlNode& node) {
    const std::string& text = node.scalar;
    Example example{.line = node.line};
    const size_t line_end = text.find('\n');
    const bool has_title = line_end != std::string::npos && line_end + 1 < text.size();
    if (has_title) example.title = text.substr(0, line_end);
    example.body = has_title ? text.substr(line_end + 1) : text;
    return example;
  }

  std::optional<Example> ExampleByField(const YamlNode& node) {
    constexpr std::array<std::pair<std::string_view, std::string Example::*>, 3> kFields = {
        {{"title", &Example::title}, {"lead", &Example::lead}, {"body", &Example::body}}};
    Example example{.line = node.line};
    for (size_t i = 0; i < node.items.size(); i += 2) {
      const YamlNode& key = node.items[i];
      const YamlNode& text = node.items[i + 1];
      const auto field = std::find_if(kFields.begin(), kFields.end(),
                                      [&](const auto& each) { return each.first == key.scalar; });
      if (field == kFields.end()) {
        Complain(key, fmt::format("`{}:` is no field of an example", key.scalar),
                 "the fields are title, lead and body; quote a text that holds `: `");
        return std::nullopt;
      }
      if (!text.IsScalar()) {
        Complain(text, fmt::format("the {} of an example is no text", key.scalar), "quote it");
        return std::nullopt;
      }
      example.*field->second = text.scalar;
    }
    return example;
  }

  std::optional<WrittenQuery> QueryOf(const YamlNode& node, const std::string& name,
                                      std::string_view key) {
    if (node.IsScalar()) return WrittenAt(node, name);
    if (node.IsNull()) {
      Complain(node, fmt::format("the query of `{}` is empty", name),
               fmt::format("write it behind `{0}:`, or below `{0}: >-`", key));
    } else {
      Complain(node, fmt::format("the query of `{}` is no text", name),
               fmt::format("quote it, or write it below `{}: >-`", key));
    }
    return std::nullopt;
  }

  std::optional<WrittenQuery> PathOf(const YamlNode& node, const std::string& name) {
    if (node.IsScalar() && !IsEmpty(node)) return WrittenAt(node, name);
    Complain(
        node,
        fmt::format("the phrases_file of `{}` is {}", name, IsEmpty(node) ? "empty" : "no text"),
        "write the path of one text file behind it");
    return std::nullopt;
  }

  static WrittenQuery WrittenAt(const YamlNode& node, const std::string& name) {
    return {.name = name, .text = node.scalar, .line = node.line, .column = node.column};
  }

  RuleFile& file_;
  Diagnostics& diagnostics_;
};

// Walks the file beside the scalar's text. Both hold the same characters but for white space,
// YAML's quotes and its escapes, whatever the style of the scalar.
class ScalarWalk {
 public:
  ScalarWalk(const RuleFile& file, const WrittenQuery& query)
      : file_(file),
        line_(static_cast<size_t>(query.line - 1)),
        at_(static_cast<size_t>(query.column - 1)) {
    const char style = Peek();
    if (style == '|' || style == '>') NextLine();
    if (style == '"' || style == '\'') ++at_;
  }

  void Over(char c) {
    if (IsSpace(c)) return;
    SkipSpace();
    if (Peek() != c && (Peek() == '\\' || Peek() == '\'')) ++at_;
    if (Peek() == c) ++at_;
  }

  void SkipSpace() {
    while (line_ < file_.text.lines.size() &&
           (at_ >= file_.text.lines[line_].size() || IsSpace(Peek()))) {
      if (at_ >= file_.text.lines[line_].size()) {
        NextLine();
      } else {
        ++at_;
      }
    }
  }

  size_t line() const { return line_; }
  size_t at() const { return at_; }

 private:
  char Peek() const {
    return line_ < file_.text.lines.size() && at_ < file_.text.lines[line_].size()
               ? file_.text.lines[line_][at_]
               : '\0';
  }
  void NextLine() {
    ++line_;
    at_ = 0;
  }

  const RuleFile& file_;
  size_t line_;
  size_t at_;
};

}  // namespace

std::optional<RuleFile> ReadRuleFile(const std::string& path, Diagnostics* diagnostics) {
  std::optional<TextFile> text = ReadTextFile(path, diagnostics);
  if (!text) return std::nullopt;
  RuleFile file{.text = *std::move(text),
                .is_common = std::filesystem::path(path).filename() == "common.yaml"};
  YamlError error;
  const std::optional<YamlNode> root = ParseYaml(file.text.content, &error);
  if (!root) {
    Diagnostic diagnostic = AtPlace(file.text, error.line, error.column);
    diagnostic.what = fmt::format("no YAML: {}", error.what);
    diagnostic.mend = std::move(error.mend);
    diagnostics->Add(std::move(diagnostic));
    return std::nullopt;
  }
  Reader(&file, diagnostics).Read(*root);
  return file;
}

Diagnostic AtQuery(const RuleFile& file, const WrittenQuery& query, size_t offset) {
  ScalarWalk walk(file, query);
  for (const char c : query.text.substr(0, offset)) walk.Over(c);
  if (offset < query.text.size()) walk.SkipSpace();
  if (walk.line() >= file.text.lines.size()) return AtPlace(file.text, query.line, query.column);
  return AtPlace(file.text, static_cast<int>(walk.line()) + 1, static_cast<int>(walk.at()) + 1);
}

}  // namespace tocsin::rules
