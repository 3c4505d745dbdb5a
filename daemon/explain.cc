#include "daemon/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/articles.h"
#include "daemon/config/nearest.h"
#include "daemon/excerpt.h"
#include "daemon/explanation_view.h"
#include "daemon/mappings.h"
#include "daemon/reading_view.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"

namespace tocsin {
namespace {

constexpr size_t kNearestShown = 3;
constexpr char kFlatMapping[] = "flat";

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

// Why articles match a rule; or nothing, where no rule was asked about.
class RuleView {
 public:
  static absl::StatusOr<RuleView> Load(const ExplainOptions& options, std::FILE* out) {
    ASSIGN_OR_RETURN(rules::Scanner scanner, LoadScanner(options.rules));
    ASSIGN_OR_RETURN(const uint32_t index, FindRule(scanner.rule_set(), options.rule));
    return RuleView(std::move(scanner), index, out);
  }

  absl::Status Show(int64_t line, const Article& article) {
    const rules::Rule& rule = scanner_.rule_set().rules()[index_];
    RETURN_IF_ERROR(scanner_.Scan(article.document, &matches_));
    const bool matched =
        std::any_of(matches_.rules.begin(), matches_.rules.end(),
                    [this](const rules::Match& match) { return match.rule == index_; });
    ASSIGN_OR_RETURN(const rules::Explanation why, scanner_.Explain(article.document, index_));
    fmt::print(out_, "{} {} article {}: {} {}\n", rule.id, matched ? "matches" : "does not match",
               line, article.id, OnOneLine(article.document.title));
    if (why.holds && !matched) {
      fmt::print(out_, "  the query holds, but the article's language is `{}`, the rule's: {}\n",
                 article.document.language, fmt::join(rule.languages, ", "));
    }
    fmt::print(out_, "{}", ShowExplanation(why, article.document, MarksFor(out_)));
    return absl::OkStatus();
  }

 private:
  RuleView(rules::Scanner scanner, uint32_t index, std::FILE* out)
      : scanner_(std::move(scanner)), index_(index), out_(out) {}

  rules::Scanner scanner_;
  uint32_t index_;
  std::FILE* out_;
  rules::Matches matches_;
};

}  // namespace

absl::Status Explain(const ExplainOptions& options, std::FILE* out) {
  std::optional<RuleView> rule;
  if (!options.rule.empty()) {
    ASSIGN_OR_RETURN(rule, RuleView::Load(options, out));
  } else if (options.mapping.empty()) {
    return absl::UnimplementedError("explain what? --rule, --mapping or both");
  }
  ASSIGN_OR_RETURN(auto mapping,
                   LoadMapping(options.mapping.empty() ? kFlatMapping : options.mapping));
  int64_t bad = 0;
  const auto show = [&](int64_t line, const absl::StatusOr<const Article*>& article,
                        const Decoder& decoder) -> absl::Status {
    if (!options.mapping.empty()) {
      fmt::print(out, "{}", ShowReading(line, article, decoder));
    } else if (!article.ok()) {
      fmt::print(stderr, "{}:{}: {}\n", options.file.path, line,
                 std::string(article.status().message()));
    }
    if (article.ok()) return rule ? rule->Show(line, **article) : absl::OkStatus();
    ++bad;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEachReading(options.file, std::move(mapping), show));
  if (bad == 0) return absl::OkStatus();
  return absl::DataLossError(fmt::format("{}: {} articles cannot be read", options.file.path, bad));
}

}  // namespace tocsin
