#include "daemon/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/articles.h"
#include "daemon/excerpt.h"
#include "daemon/explanation_view.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"

namespace tocsin {
namespace {

constexpr size_t kNearestShown = 3;

// Letters to put in, leave out or change to make one of the other.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + static_cast<size_t>(a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
    }
  }
  return row[b.size()];
}

std::vector<std::string> NearestIds(const rules::RuleSet& rule_set, const std::string& id) {
  std::vector<std::pair<size_t, std::string>> by_distance;
  for (const rules::Rule& rule : rule_set.rules()) {
    const bool is_part = rule.id.find(id) != std::string::npos;
    by_distance.emplace_back(is_part ? 0 : EditDistance(id, rule.id), rule.id);
  }
  std::sort(by_distance.begin(), by_distance.end());
  if (by_distance.size() > kNearestShown) by_distance.resize(kNearestShown);
  std::vector<std::string> ids;
  ids.reserve(by_distance.size());
  for (auto& [distance, near] : by_distance) ids.push_back(std::move(near));
  return ids;
}

absl::StatusOr<uint32_t> FindRule(const rules::RuleSet& rule_set, const std::string& id) {
  for (uint32_t i = 0; i < rule_set.rules().size(); ++i) {
    if (rule_set.rules()[i].id == id) return i;
  }
  return absl::UnimplementedError(
      fmt::format("no rule `{}`; the nearest: {}", id, fmt::join(NearestIds(rule_set, id), ", ")));
}

}  // namespace

absl::Status Explain(const ExplainOptions& options, std::FILE* out) {
  ASSIGN_OR_RETURN(rules::Scanner scanner, LoadScanner(options.rules));
  ASSIGN_OR_RETURN(const uint32_t index, FindRule(scanner.rule_set(), options.rule));
  const rules::Rule& rule = scanner.rule_set().rules()[index];
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
