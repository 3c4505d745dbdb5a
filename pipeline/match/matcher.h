// The scanner at its place in the pipeline: what holds for an article, counted by rule and topic.
//
//   ASSIGN_OR_RETURN(Matcher matcher, Matcher::Create(rule_set, &counters));
//   RETURN_IF_ERROR(matcher.Match(*article, &matches));
//
// Shape     matches: replaced. Experimental rules are matched and counted as any other.
// Errors    as Scanner::Scan; then nothing is counted and matches is empty: never "nothing found".
// Threads   one Matcher per thread.
// Lifetime  keeps its RuleSet alive; counters outlive it.
#ifndef TOCSIN_PIPELINE_MATCH_MATCHER_H_
#define TOCSIN_PIPELINE_MATCH_MATCHER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <vector>

#include "pipeline/counters.h"
#include "pipeline/decode/article.h"
#include "rules/document.h"
#include "rules/rule_set.h"
#include "rules/scanner.h"

namespace tocsin {

class Matcher {
 public:
  // ignored: lines that no rule is to see; null for none.
  static absl::StatusOr<Matcher> Create(
      std::shared_ptr<const rules::RuleSet> rule_set, Counters* counters,
      std::shared_ptr<const rules::IgnoredLines> ignored = nullptr);

  absl::Status Match(const Article& article, rules::Matches* matches);

 private:
  Matcher(rules::Scanner scanner, Counters* counters);

  void Count(const rules::Matches& matches);

  rules::Scanner scanner_;
  Counters* counters_;
  // By rule and by topic: looked up by name once. Null until then; most never match.
  std::vector<Counter*> rule_counters_;
  std::vector<Counter*> topic_counters_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_MATCH_MATCHER_H_
