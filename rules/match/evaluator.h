// Decides the rules of one article over the occurrences of their atoms, at the end of the document
// (DESIGN §4.5).
//
//   evaluator.Reset(article);
//   ASSIGN_OR_RETURN(const bool holds, evaluator.Holds(plan.expr));
//   if (holds) RETURN_IF_ERROR(evaluator.CollectEvidence(plan.expr, &spans));
//
// Shape     what has to be looked for everywhere is found once an article, whichever rules share it;
//           what only matters beside that is looked for there and nowhere else (expr_plans.h).
// Errors    ResourceExhausted: a regex met its limit. Internal: ICU failed.
// Threads   one Evaluator per thread.
// Lifetime  views the program, the finder, and the article's text, tokens and hits until the next
//           Reset.
#ifndef TOCSIN_RULES_MATCH_EVALUATOR_H_
#define TOCSIN_RULES_MATCH_EVALUATOR_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/base/pool.h"
#include "rules/compile/program.h"
#include "rules/document.h"
#include "rules/match/article_tokens.h"
#include "rules/match/occurrence.h"
#include "rules/match/phrase_finder.h"
#include "rules/match/proximity.h"
#include "rules/match/windows.h"
#include "rules/text/gaps.h"

namespace tocsin::rules {

// What the scan has found out about an article.
struct ScannedArticle {
  const Document* document = nullptr;
  ArticleTokens tokens;
  std::span<const PhraseHit> hits;           // of all triggers and all phrases without a key
  std::span<const PhraseHit> keyless_hits;   // of the latter alone
  std::span<const uint8_t> regex_may_match;  // by regex: false where the prefilter has excluded it
};

class Evaluator {
 public:
  // finder: of the same program, reset to each article.
  Evaluator(const Program& program, PhraseFinder* finder);

  void Reset(const ScannedArticle& article);
  absl::StatusOr<bool> Holds(uint32_t expr);
  absl::Status CollectEvidence(uint32_t expr, std::vector<Span>* spans);

  // Of a phrase, a regex, a proximity or an OR of such.
  absl::StatusOr<const Occurrences*> Find(uint32_t expr);

  // What ATLEAST counts of its operand.
  absl::StatusOr<uint32_t> CountDistinct(uint32_t operand);

  Gaps* gaps() { return &gaps_; }

 private:
  struct Found {
    uint32_t generation = 0;  // in which it was looked for
    Occurrences occurrences;
  };

  // windows: null for everywhere.
  absl::Status FindIn(uint32_t id, const Windows* windows, Occurrences* found);
  absl::StatusOr<const Occurrences*> FindWithin(uint32_t id, const Windows* windows,
                                                Occurrences* scratch);
  absl::Status FindAny(const ExprPlan& plan, const Windows* windows, Occurrences* found);
  absl::StatusOr<bool> MayOccur(const OtherExprs& others, const Windows* windows);
  absl::Status FindProximity(const Expr& expr, const ExprPlan& plan, const Windows* windows,
                             Occurrences* found);
  absl::Status FindRegex(const Expr& expr, Occurrences* found);
  template <typename Wanted>
  absl::Status FindPhrases(const Wanted& wanted, bool by_triggers, uint32_t tokens_max, Scope scope,
                           const Windows* windows, Occurrences* found);
  absl::Status AddPhrase(const PhraseHit& hit, Scope scope, Occurrences* found);
  absl::StatusOr<bool> HoldsInOrder(const Expr& expr, bool by_triggers);
  absl::StatusOr<bool> InScope(Scope scope, const Occurrence& occurrence);
  bool IsWritten(const Phrase& phrase, uint32_t first) const;
  bool LeadIsRepeated();

  const Program& program_;
  PhraseFinder& finder_;
  ScannedArticle article_;
  Gaps gaps_;
  RegexMatcher regex_matcher_;
  uint32_t generation_ = 0;
  std::vector<Found> found_;  // by expression
  std::optional<bool> lead_is_repeated_;
  std::vector<PhraseHit> wanted_hits_;
  Pool<Occurrences> scratches_;
  Pool<Windows> windows_;
  ReachedScratch reached_;
  std::vector<Span> spans_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_EVALUATOR_H_
