#include "rules/compile/rule_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <initializer_list>
#include <set>
#include <sstream>

namespace tocsin::rules {
namespace {

// A YAML tree takes some fifty times the bytes of its file.
constexpr size_t kFileBytesMax = size_t{16} << 20;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
}

// Reads the nodes of one file; every complaint goes to the diagnostics with its place.
class Reader {
 public:
  Reader(RuleFile* file, Diagnostics* diagnostics) : file_(*file), diagnostics_(*diagnostics) {}

  void Read(const YAML::Node& root) {
    if (!root.IsMap())
      return Complain(root, "a rule file is a mapping", "start with `topic: name`");
    if (file_.is_common) {
      CheckKeys(root, {"queries"});
    } else {
      CheckKeys(root, {"topic", "title", "codes", "queries", "rules"});
      ReadTopic(root);
    }
    for (const auto& entry : MapOf(root, "queries")) {
      if (auto query = QueryOf(entry.second, entry.first.Scalar())) {
        file_.queries.push_back(*std::move(query));
      }
    }
    if (!file_.is_common) ReadRules(root);
  }

 private:
  void Complain(const YAML::Node& at, std::string what, std::string mend) {
    const YAML::Mark mark = at.Mark();
    diagnostics_.Add({.file = file_.path,
                      .line = mark.line + 1,
                      .column = mark.column + 1,
                      .what = std::move(what),
                      .mend = std::move(mend)});
  }

  void CheckKeys(const YAML::Node& map, std::initializer_list<std::string_view> known) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        Complain(entry.first, fmt::format("unknown key `{}`", key),
                 fmt::format("known are: {}", fmt::join(known, ", ")));
      }
      if (!seen.insert(key).second) {
        Complain(entry.first, fmt::format("`{}` is there twice", key), "keep one");
      }
    }
  }

  std::string ScalarOf(const YAML::Node& map, const char* key, bool required) {
    const YAML::Node node = map[key];
    if (!node) {
      if (required) Complain(map, fmt::format("`{}:` is missing", key), "add it");
      return {};
    }
    if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    Complain(node, fmt::format("`{}:` is no text", key), "write one value");
    return {};
  }

  YAML::Node MapOf(const YAML::Node& map, const char* key) {
    const YAML::Node node = map[key];
    if (!node || node.IsNull()) return YAML::Node(YAML::NodeType::Map);
    if (node.IsMap()) return node;
    Complain(node, fmt::format("`{}:` is no mapping", key), "write `name: value` lines below it");
    return YAML::Node(YAML::NodeType::Map);
  }

  YAML::Node ListOf(const YAML::Node& map, const char* key) {
    const YAML::Node node = map[key];
    if (!node || node.IsNull()) return YAML::Node(YAML::NodeType::Sequence);
    if (node.IsSequence()) return node;
    Complain(node, fmt::format("`{}:` is no list", key), "write `- value` lines below it");
    return YAML::Node(YAML::NodeType::Sequence);
  }

  void ReadTopic(const YAML::Node& root) {
    file_.topic.name = ScalarOf(root, "topic", true);
    file_.topic.title = ScalarOf(root, "title", false);
    if (!file_.topic.name.empty() && !IsName(file_.topic.name)) {
      Complain(
          root["topic"], fmt::format("`{}` cannot name a topic", file_.topic.name),
          "letters, digits, `_`, `-` and `.` are taken: it becomes part of a Kafka topic's name");
    }
    for (const auto& entry : MapOf(root, "codes")) {
      if (!entry.second.IsScalar()) {
        Complain(entry.second, "a code that is no text", "write `iptc: medtop:20000642`");
        continue;
      }
      file_.topic.codes.emplace_back(entry.first.Scalar(), entry.second.Scalar());
    }
    std::sort(file_.topic.codes.begin(), file_.topic.codes.end());
  }

  void ReadRules(const YAML::Node& root) {
    const YAML::Node rules = ListOf(root, "rules");
    if (rules.size() == 0) return Complain(root, "no rules", "add at least one below `rules:`");
    for (const auto& rule : rules) ReadRule(rule);
  }

  void ReadRule(const YAML::Node& node) {
    if (!node.IsMap()) return Complain(node, "a rule is a mapping", "start it with `- id: name`");
    CheckKeys(node, {"id", "status", "query", "languages", "examples", "counterexamples",
                     "known_misses"});
    WrittenRule rule;
    rule.line = node.Mark().line + 1;
    const std::string id = ScalarOf(node, "id", true);
    if (!id.empty() && !IsName(id)) {
      Complain(node["id"], fmt::format("`{}` cannot be an id", id),
               "letters, digits, `_`, `-` and `.` are taken");
    }
    rule.status = StatusOf(node);
    for (const auto& language : ListOf(node, "languages")) {
      rule.languages.push_back(language.IsScalar() ? language.Scalar() : "");
    }
    rule.examples = ExamplesOf(node, "examples");
    rule.counterexamples = ExamplesOf(node, "counterexamples");
    rule.known_misses = ExamplesOf(node, "known_misses");
    if (!node["query"]) {
      return Complain(node, fmt::format("rule `{}` has no query", id), "add `query:`");
    }
    if (auto query = QueryOf(node["query"], id)) {
      rule.query = *std::move(query);
      file_.rules.push_back(std::move(rule));
    }
  }

  RuleStatus StatusOf(const YAML::Node& node) {
    const std::string status = ScalarOf(node, "status", false);
    if (status == "experimental") return RuleStatus::kExperimental;
    if (!status.empty() && status != "stable") {
      Complain(node["status"], fmt::format("unknown status `{}`", status),
               "write stable or experimental");
    }
    return RuleStatus::kStable;
  }

  std::vector<Example> ExamplesOf(const YAML::Node& node, const char* key) {
    std::vector<Example> examples;
    for (const auto& example : ListOf(node, key)) {
      if (example.IsScalar()) {
        examples.push_back({.text = example.Scalar(), .line = example.Mark().line + 1});
      } else {
        Complain(example, fmt::format("`{}:` holds something that is no text", key),
                 "quote a text that holds `: `");
      }
    }
    return examples;
  }

  std::optional<WrittenQuery> QueryOf(const YAML::Node& node, const std::string& name) {
    if (!node.IsScalar()) {
      Complain(node, fmt::format("the query of `{}` is no text", name),
               "quote it, or write it below `query: >-`");
      return std::nullopt;
    }
    return WrittenQuery{.name = name,
                        .text = node.Scalar(),
                        .line = node.Mark().line + 1,
                        .column = node.Mark().column + 1};
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

// Refuses anchors: an alias may stand for a copy of what holds aliases itself, and so on, and a
// rule file needs none.
class AnchorFinder : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Look(mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { Look(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& /*value*/) override {
    Look(mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Look(mark, anchor);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Look(mark, anchor);
  }
  void OnMapEnd() override {}

 private:
  static void Look(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) throw YAML::ParserException(mark, "an anchor (&) or alias (*)");
  }
};

YAML::Node LoadYaml(const std::string& content) {
  // Without `&` there is no anchor: most files are parsed once.
  if (content.find('&') != std::string::npos) {
    std::istringstream stream(content);
    AnchorFinder finder;
    YAML::Parser(stream).HandleNextDocument(finder);
  }
  return YAML::Load(content);
}

// nullopt if it cannot be read or is too large; never more than one byte too much is read.
std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string content(kFileBytesMax + 1, '\0');
  stream.read(content.data(), static_cast<std::streamsize>(content.size()));
  const auto size = static_cast<size_t>(stream.gcount());
  if (stream.bad() || !stream.eof() || size > kFileBytesMax) return std::nullopt;
  content.resize(size);
  return content;
}

}  // namespace

std::optional<RuleFile> ReadRuleFile(const std::string& path, Diagnostics* diagnostics) {
  const std::optional<std::string> content = ReadFile(path);
  if (!content) {
    diagnostics->Add({.file = path,
                      .what = "cannot be read, or is larger than 16 MiB",
                      .mend = "check the path"});
    return std::nullopt;
  }
  RuleFile file{.path = path, .is_common = path.ends_with("common.yaml")};
  std::istringstream lines(*content);
  for (std::string line; std::getline(lines, line);) file.lines.push_back(line);
  try {
    Reader(&file, diagnostics).Read(LoadYaml(*content));
  } catch (const YAML::Exception& error) {
    diagnostics->Add({.file = path,
                      .line = std::max(error.mark.line, 0) + 1,
                      .column = std::max(error.mark.column, 0) + 1,
                      .what = fmt::format("no YAML: {}", error.msg),
                      .mend = "quote values that hold `: ` or begin with a special character"});
    return std::nullopt;
  }
  return file;
}

Diagnostic AtQuery(const RuleFile& file, const WrittenQuery& query, size_t offset) {
  ScalarWalk walk(file, query);
  for (const char c : query.text.substr(0, offset)) walk.Over(c);
  if (offset < query.text.size()) walk.SkipSpace();
  if (walk.line() >= file.lines.size()) {
    return {.file = file.path, .line = query.line, .column = query.column};
  }
  const std::string& line = file.lines[walk.line()];
  const auto column =
      std::count_if(line.begin(), line.begin() + static_cast<ptrdiff_t>(walk.at()),
                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return {.file = file.path,
          .line = static_cast<int>(walk.line()) + 1,
          .column = static_cast<int>(column) + 1,
          .excerpt = line};
}

}  // namespace tocsin::rules
