#include "daemon/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "daemon/articles.h"
#include "daemon/excerpt.h"
#include "daemon/explanation_view.h"
#include "daemon/shipped.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"

namespace tocsin {
namespace {

absl::StatusOr<uint32_t> FindRule(const rules::RuleSet& rule_set, const std::string& id) {
  std::vector<std::string> ids;
  for (uint32_t i = 0; i < rule_set.rules().size(); ++i) {
    if (rule_set.rules()[i].id == id) return i;
    ids.push_back(rule_set.rules()[i].id);
  }
  return absl::DataLossError(fmt::format("no rule `{}`; there are: {}", id, fmt::join(ids, ", ")));
}

}  // namespace

absl::Status Explain(const ExplainOptions& options, std::FILE* out) {
  ASSIGN_OR_RETURN(const auto rule_set, LoadRulesAsInput(options.rules));
  ASSIGN_OR_RETURN(const uint32_t index, FindRule(*rule_set, options.rule));
  ASSIGN_OR_RETURN(rules::Scanner scanner, rules::Scanner::Create(rule_set));
  const rules::Rule& rule = rule_set->rules()[index];
  const Marks marks = MarksFor(out);
  rules::Matches matches;
  return ForEachArticle(options.file, [&](int64_t line, const Article& article) -> absl::Status {
    RETURN_IF_ERROR(scanner.Scan(article.document, &matches));
    const bool matched =
        std::any_of(matches.rules.begin(), matches.rules.end(),
                    [index](const rules::Match& match) { return match.rule == index; });
    ASSIGN_OR_RETURN(const rules::Explanation why, scanner.Explain(article.document, index));
    fmt::print(out, "{} {} article {}: {}\n", rule.id, matched ? "matches" : "does not match", line,
               article.id.empty() ? OnOneLine(article.document.title) : std::string(article.id));
    if (why.holds && !matched) {
      fmt::print(out, "  the query holds, but the article's language is `{}`, the rule's: {}\n",
                 article.document.language, fmt::join(rule.languages, ", "));
    }
    fmt::print(out, "{}", ShowExplanation(why, article.document, marks));
    return absl::OkStatus();
  });
}

}  // namespace tocsin
