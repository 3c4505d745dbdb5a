#include "pipeline/match/matcher.h"

#include "rules/base/status_macros.h"

namespace tocsin {

absl::StatusOr<Matcher> Matcher::Create(std::shared_ptr<const rules::RuleSet> rule_set,
                                        Counters* counters,
                                        std::shared_ptr<const rules::IgnoredLines> ignored) {
  ASSIGN_OR_RETURN(rules::Scanner scanner,
                   rules::Scanner::Create(std::move(rule_set), std::move(ignored)));
  return Matcher(std::move(scanner), counters);
}

absl::Status Matcher::Match(const Article& article, rules::Matches* matches) {
  RETURN_IF_ERROR(scanner_.Scan(article.document, matches));
  if (!matches->rules.empty()) Count(*matches);
  return absl::OkStatus();
}

void Matcher::Count(const rules::Matches& matches) {
  const rules::RuleSet& rule_set = scanner_.rule_set();
  const rules::Rule* previous = nullptr;
  for (const rules::Match& match : matches.rules) {
    const rules::Rule& rule = rule_set.rules()[match.rule];
    counters_->matched_rules.Add({rule.id}, 1);
    // Matches are grouped by topic.
    if (previous == nullptr || previous->topic != rule.topic) {
      counters_->matched_topics.Add({rule_set.topics()[rule.topic].name}, 1);
    }
    previous = &rule;
  }
  counters_->matched.Add(1);
}

}  // namespace tocsin
