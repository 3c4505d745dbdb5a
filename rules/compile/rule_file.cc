#include "rules/compile/rule_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "rules/compile/yaml_tree.h"

namespace tocsin::rules {
namespace {

// A YAML tree takes up to a hundred times the bytes of its file; 8 MiB hold as many rules as one
// rule set takes.
constexpr size_t kFileBytesMax = size_t{8} << 20;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
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
      if (auto query = QueryOf(value, key.scalar)) file_.queries.push_back(*std::move(query));
    });
    if (!file_.is_common) ReadRules(root);
  }

 private:
  void Complain(const YamlNode& at, std::string what, std::string mend) {
    Diagnostic diagnostic = AtPlace(file_, at.line, at.column);
    diagnostic.what = std::move(what);
    diagnostic.mend = std::move(mend);
    diagnostics_.Add(std::move(diagnostic));
  }

  void CheckKeys(const YamlNode& map, std::initializer_list<std::string_view> known) {
    std::set<std::string_view> seen;
    for (size_t i = 0; i < map.items.size(); i += 2) {
      const YamlNode& key = map.items[i];
      if (std::find(known.begin(), known.end(), key.scalar) == known.end()) {
        Complain(key, fmt::format("unknown key `{}`", key.scalar),
                 fmt::format("known are: {}", fmt::join(known, ", ")));
      }
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
    if (node->IsScalar() && !node->scalar.empty()) return node->scalar;
    Complain(*node, fmt::format("`{}:` is no text", key), "write one value");
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
    CheckKeys(node, {"id", "status", "query", "languages", "examples", "counterexamples",
                     "known_misses"});
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
      rule.languages.push_back(language.scalar);
    }
    rule.examples = ExamplesOf(node, "examples");
    rule.counterexamples = ExamplesOf(node, "counterexamples");
    rule.known_misses = ExamplesOf(node, "known_misses");
    const YamlNode* query = node.Find("query");
    if (query == nullptr) {
      return Complain(node, fmt::format("rule `{}` has no query", id), "add `query:`");
    }
    if (auto written = QueryOf(*query, id)) {
      rule.query = *std::move(written);
      file_.rules.push_back(std::move(rule));
    }
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

  std::optional<WrittenQuery> QueryOf(const YamlNode& node, const std::string& name) {
    if (!node.IsScalar()) {
      Complain(node, fmt::format("the query of `{}` is no text", name),
               "quote it, or write it below `query: >-`");
      return std::nullopt;
    }
    return WrittenQuery{
        .name = name, .text = node.scalar, .line = node.line, .column = node.column};
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
    while (line_ < file_.lines.size() && (at_ >= file_.lines[line_].size() || IsSpace(Peek()))) {
      if (at_ >= file_.lines[line_].size()) {
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
    return line_ < file_.lines.size() && at_ < file_.lines[line_].size() ? file_.lines[line_][at_]
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

// nullopt if it cannot be read or is too large; never much more than allowed is read.
std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string content;
  std::array<char, size_t{64} << 10> chunk{};
  while (stream && content.size() <= kFileBytesMax) {
    stream.read(chunk.data(), chunk.size());
    content.append(chunk.data(), static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad() || !stream.eof() || content.size() > kFileBytesMax) return std::nullopt;
  return content;
}

// Where the first bytes stand that are no UTF-8.
std::optional<size_t> FindInvalidUtf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, text.size(), c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
    if (c < 0) return begin;
  }
  return std::nullopt;
}

Diagnostic AtInvalidUtf8(const std::string& path, std::string_view before) {
  const size_t line_begin = before.rfind('\n') + 1;
  return {.file = path,
          .line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(CountCodePoints(before.substr(line_begin))) + 1,
          .what = "not UTF-8",
          .mend = "save the file in UTF-8"};
}

std::vector<std::string> LinesOf(std::string_view content) {
  std::vector<std::string> lines;
  while (!content.empty()) {
    const size_t end = content.find('\n');
    lines.emplace_back(content.substr(0, end));
    if (lines.back().ends_with('\r')) lines.back().pop_back();
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return lines;
}

}  // namespace

std::optional<RuleFile> ReadRuleFile(const std::string& path, Diagnostics* diagnostics) {
  const std::optional<std::string> content = ReadFile(path);
  if (!content) {
    diagnostics->Add({.file = path,
                      .what = "cannot be read, or is larger than 8 MiB",
                      .mend = "check the path, or split the file"});
    return std::nullopt;
  }
  if (const auto invalid = FindInvalidUtf8(*content)) {
    diagnostics->Add(AtInvalidUtf8(path, std::string_view(*content).substr(0, *invalid)));
    return std::nullopt;
  }
  RuleFile file{.path = path,
                .lines = LinesOf(*content),
                .is_common = std::filesystem::path(path).filename() == "common.yaml"};
  YamlError error;
  const std::optional<YamlNode> root = ParseYaml(*content, &error);
  if (!root) {
    Diagnostic diagnostic = AtPlace(file, error.line, error.column);
    diagnostic.what = fmt::format("no YAML: {}", error.what);
    diagnostic.mend = "quote values that hold `: ` or begin with a special character";
    diagnostics->Add(std::move(diagnostic));
    return std::nullopt;
  }
  Reader(&file, diagnostics).Read(*root);
  return file;
}

Diagnostic AtPlace(const RuleFile& file, int line, int column) {
  if (line < 1 || static_cast<size_t>(line) > file.lines.size())
    return {.file = file.path, .line = line};
  const std::string& text = file.lines[static_cast<size_t>(line) - 1];
  const std::string_view before = std::string_view(text).substr(0, static_cast<size_t>(column) - 1);
  return {.file = file.path,
          .line = line,
          .column = static_cast<int>(CountCodePoints(before)) + 1,
          .excerpt = text};
}

Diagnostic AtQuery(const RuleFile& file, const WrittenQuery& query, size_t offset) {
  ScalarWalk walk(file, query);
  for (const char c : query.text.substr(0, offset)) walk.Over(c);
  if (offset < query.text.size()) walk.SkipSpace();
  if (walk.line() >= file.lines.size()) return AtPlace(file, query.line, query.column);
  return AtPlace(file, static_cast<int>(walk.line()) + 1, static_cast<int>(walk.at()) + 1);
}

}  // namespace tocsin::rules
