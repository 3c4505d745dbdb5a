#include "pipeline/match/matcher.h"

#include <string>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {

namespace {

void CountOne(const std::string& label, CounterFamily* family, Counter** counter) {
  if (*counter == nullptr) *counter = &family->At({label});
  (*counter)->Add(1);
}

}  // namespace

Matcher::Matcher(rules::Scanner scanner, Counters* counters)
    : scanner_(std::move(scanner)),
      counters_(counters),
      rule_counters_(scanner_.rule_set().rules().size()),
      topic_counters_(scanner_.rule_set().topics().size()) {}

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
    CountOne(rule.id, &counters_->matched_rules, &rule_counters_[match.rule]);
    // Matches are grouped by topic.
    if (previous == nullptr || previous->topic != rule.topic) {
      CountOne(rule_set.topics()[rule.topic].name, &counters_->matched_topics,
               &topic_counters_[rule.topic]);
    }
    previous = &rule;
  }
  counters_->matched.Add(1);
}

}  // namespace tocsin
