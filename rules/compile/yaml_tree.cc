#include "rules/compile/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace tocsin::rules {
namespace {

// yaml-cpp reads the whole of a line that opens brackets before it parses any, at 250 bytes a
// bracket: a file of nothing else would take gigabytes.
constexpr int kOpenInLineMax = 1000;
constexpr char kSecondDocument[] = "a second document";

std::optional<YamlError> FindDeepLine(std::string_view content) {
  int line = 1;
  int open = 0;
  size_t line_begin = 0;
  for (size_t at = 0; at < content.size(); ++at) {
    const char c = content[at];
    if (c == '\n') {
      ++line;
      open = 0;
      line_begin = at + 1;
    } else if (c == '[' || c == '{') {
      if (++open <= kOpenInLineMax) continue;
      return YamlError{.line = line,
                       .column = static_cast<int>(at - line_begin) + 1,
                       .what = "nested too deeply"};
    } else if (c == ']' || c == '}') {
      --open;
    }
  }
  return std::nullopt;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(has_document_, true)) {
      throw YAML::ParserException(mark, kSecondDocument);
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(NodeAt(mark, anchor, YamlNode::Kind::kNull));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    NodeAt(mark, anchor, YamlNode::Kind::kNull);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = NodeAt(mark, anchor, YamlNode::Kind::kScalar);
    node.scalar = value;
    Add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(NodeAt(mark, anchor, YamlNode::Kind::kList));
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(NodeAt(mark, anchor, YamlNode::Kind::kMap));
  }
  void OnMapEnd() override { Close(); }

  YamlNode TakeRoot() { return std::move(root_); }

  // What has begun last and not ended; null if there is none.
  const YamlNode* FindOpen(YamlNode::Kind kind) const {
    const auto found = std::find_if(open_.rbegin(), open_.rend(),
                                    [kind](const YamlNode& node) { return node.kind == kind; });
    return found == open_.rend() ? nullptr : &*found;
  }

 private:
  static YamlNode NodeAt(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
    if (anchor != YAML::NullAnchor) throw YAML::ParserException(mark, "an anchor (&) or alias (*)");
    return {.kind = kind, .line = mark.line + 1, .column = mark.column + 1};
  }

  void Add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back();
    if (node.IsNull() && parent.IsMap() && parent.items.size() % 2 == 1) {
      node.line = parent.items.back().line;  // the parser's mark is of what comes next
      node.column = parent.items.back().column;
    }
    parent.items.push_back(std::move(node));
  }

  void Close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    Add(std::move(node));
  }

  YamlNode root_;
  std::vector<YamlNode> open_;  // outermost first
  bool has_document_ = false;
};

YamlError AtBracket(const YamlNode& open, char opening, char closing) {
  return {.line = open.line,
          .column = open.column,
          .what = fmt::format("`{}` that is not closed", opening),
          .mend = fmt::format("close it by `{}`, or quote a text that begins with `{}`", closing,
                              opening)};
}

// The parser blames whatever stands behind such a tab.
std::optional<YamlError> FindTabInIndentation(const std::string& content, int line) {
  std::istringstream lines(content);
  std::string text;
  for (int i = 0; i < line; ++i) std::getline(lines, text);
  const size_t tab = text.substr(0, text.find_first_not_of(" \t-")).find('\t');
  if (tab == std::string::npos) return std::nullopt;
  return YamlError{.line = line,
                   .column = static_cast<int>(tab) + 1,
                   .what = "a tab in the indentation",
                   .mend = "indent with spaces"};
}

YamlError ToError(const YAML::Exception& fault, const std::string& content,
                  const TreeBuilder& builder) {
  YamlError error{.line = std::max(fault.mark.line, 0) + 1,
                  .column = std::max(fault.mark.column, 0) + 1,
                  .what = fault.msg};
  if (fault.msg == kSecondDocument) error.mend = "write one a file";
  if (auto tab = FindTabInIndentation(content, error.line)) return *std::move(tab);
  if (const YamlNode* list = builder.FindOpen(YamlNode::Kind::kList);
      list != nullptr && fault.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW) {
    return AtBracket(*list, '[', ']');
  }
  if (const YamlNode* map = builder.FindOpen(YamlNode::Kind::kMap);
      map != nullptr && fault.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) {
    return AtBracket(*map, '{', '}');
  }
  return error;
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  if (!IsMap()) return nullptr;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].IsScalar() && items[i].scalar == key) return &items[i + 1];
  }
  return nullptr;
}

std::optional<YamlNode> ParseYaml(const std::string& content, YamlError* error) {
  if (const auto deep = FindDeepLine(content)) {
    *error = *deep;
    return std::nullopt;
  }
  TreeBuilder builder;
  try {
    std::istringstream stream(content);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.TakeRoot();
  } catch (const YAML::DeepRecursion& fault) {
    *error = {
        .line = fault.mark.line + 1, .column = fault.mark.column + 1, .what = "nested too deeply"};
    return std::nullopt;
  } catch (const YAML::Exception& fault) {
    *error = ToError(fault, content, builder);
    return std::nullopt;
  }
}

}  // namespace tocsin::rules
