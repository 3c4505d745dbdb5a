// One rule file (DESIGN §5) as written: YAML checked for its form, queries not yet parsed.
//
//   Diagnostics diagnostics;
//   std::optional<RuleFile> file = ReadRuleFile("rules/catalog/ceasefire.yaml", &diagnostics);
//
// Shape     keys: topic, title, codes, queries, rules; of a rule: id, status, query or
//           phrases_file, languages, examples, counterexamples, known_misses. common.yaml: queries
//           only. Any other key is an error. Files of phrases are not read here.
// Errors    added to the diagnostics, all of them; nullopt if the file cannot be read as YAML at
//           all.
#ifndef TOCSIN_RULES_COMPILE_RULE_FILE_H_
#define TOCSIN_RULES_COMPILE_RULE_FILE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compile/diagnostics.h"
#include "rules/compile/text_file.h"
#include "rules/rule_set.h"

namespace tocsin::rules {

// A query, and where its text stands, so that an offset in it can be told as line and column.
struct WrittenQuery {
  std::string name;  // of a named query or of the rule
  std::string text;
  int line = 1;    // of the first character
  int column = 1;  // in bytes
};

struct WrittenRule {
  WrittenQuery query;        // or the name of the file of phrases as written
  std::string phrases_path;  // empty for a query
  RuleStatus status = RuleStatus::kStable;
  std::vector<std::string> languages;
  std::vector<Example> examples;
  std::vector<Example> counterexamples;
  std::vector<Example> known_misses;
  bool has_examples = false;  // were any written, even if they cannot be read
  bool has_counterexamples = false;
  int line = 1;
  int column = 1;
};

struct RuleFile {
  TextFile text;
  bool is_common = false;
  Topic topic;
  std::vector<WrittenQuery> queries;
  std::vector<WrittenRule> rules;
};

std::optional<RuleFile> ReadRuleFile(const std::string& path, Diagnostics* diagnostics);

// An error at `offset` bytes into a query's text.
Diagnostic AtQuery(const RuleFile& file, const WrittenQuery& query, size_t offset);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_RULE_FILE_H_
