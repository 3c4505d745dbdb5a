// A YAML document as a tree in which every node knows its place.
//
//   YamlError error;
//   const std::optional<YamlNode> root = ParseYaml(content, &error);
//   if (const YamlNode* rules = root->Find("rules")) for (const YamlNode& rule : rules->items) ...
//
// Shape     a mapping holds keys and values in turn; an empty value has the place of its key.
//           Anchors and aliases are refused: an alias may stand for a copy of what holds aliases
//           itself, and so on, and no rule file needs one.
// Units     line, column: from 1; the column counts bytes.
// Cost      one pass, half of what YAML::Load takes.
// Errors    the first fault and its place; nesting beyond yaml-cpp's limit is one, and a second
//           document, which would go unread.
#ifndef TOCSIN_RULES_COMPILE_YAML_TREE_H_
#define TOCSIN_RULES_COMPILE_YAML_TREE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  int line = 1;
  int column = 1;
  std::string scalar;
  std::vector<YamlNode> items;  // kList: its items; kMap: key, value, key, value, ...

  bool IsNull() const { return kind == Kind::kNull; }
  bool IsScalar() const { return kind == Kind::kScalar; }
  bool IsList() const { return kind == Kind::kList; }
  bool IsMap() const { return kind == Kind::kMap; }

  // The value of the first such key of a mapping; null if there is none.
  const YamlNode* Find(std::string_view key) const;
};

struct YamlError {
  int line = 1;
  int column = 1;
  std::string what;
  std::string mend = "quote values that hold `: ` or begin with a special character";
};

std::optional<YamlNode> ParseYaml(const std::string& content, YamlError* error);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_YAML_TREE_H_
