// Rule sets from text, for tests.
#ifndef TOCSIN_TESTS_RULES_RULE_TEXT_H_
#define TOCSIN_TESTS_RULES_RULE_TEXT_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "rules/scanner.h"

namespace tocsin::rules {

// The rule files' contents, each written to a file of a fresh directory: 0.yaml, 1.yaml, ...
absl::StatusOr<std::shared_ptr<const RuleSet>> LoadTexts(const std::vector<std::string>& contents);

// The files of a fresh directory, by name and content.
using Files = std::vector<std::pair<std::string, std::string>>;
absl::StatusOr<std::shared_ptr<const RuleSet>> LoadFiles(const Files& files);

// One topic `t` with one rule `t.r`.
std::string RuleFileText(const std::string& query);

// What the only rule of a query finds: the slices of its evidence in order; {"error: ..."} for an
// error, {"plain scanner: ..."} if that one says otherwise.
std::vector<std::string> FindAll(const std::string& query, const Document& document);
std::vector<std::string> FindAll(const absl::StatusOr<std::shared_ptr<const RuleSet>>& rule_set,
                                 const Document& document);

}  // namespace tocsin::rules

#endif  // TOCSIN_TESTS_RULES_RULE_TEXT_H_
