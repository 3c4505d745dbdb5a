// Decides the rules of one article over the occurrences of their atoms, at the end of the document
// (DESIGN §4.5).
//
//   evaluator.Reset(article);
//   if (evaluator.Holds(plan.expr)) evaluator.CollectEvidence(plan.expr, &spans);
//   RETURN_IF_ERROR(evaluator.status());      // before any of the answers is believed
//
// Shape     what has to be looked for everywhere is found once an article, whichever rules share it;
//           what only matters beside that is looked for there and nowhere else (expr_plans.h).
// Errors    status() keeps the first since Reset, until which the answers hold. ResourceExhausted: a
//           regex met its limit. Internal: ICU failed.
// Threads   one Evaluator per thread.
// Lifetime  views the program, the finder, and the article's text, tokens and hits until the next
//           Reset.
#ifndef TOCSIN_RULES_MATCH_EVALUATOR_H_
#define TOCSIN_RULES_MATCH_EVALUATOR_H_

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
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
  bool Holds(uint32_t expr);
  void CollectEvidence(uint32_t expr, std::vector<Span>* spans);

  // Of a phrase, a regex, a proximity or an OR of such.
  const Occurrences& Find(uint32_t expr);

  // What ATLEAST counts of its operand.
  uint32_t CountDistinct(uint32_t operand);

  absl::Status status() const { return status_.ok() ? gaps_.status() : status_; }

  Gaps* gaps() { return &gaps_; }

 private:
  struct Found {
    uint32_t generation = 0;  // in which it was looked for
    Occurrences occurrences;
  };

  struct PhraseSearch {
    uint64_t mark;        // without which a phrase is not wanted
    bool by_triggers;     // all that is wanted is among the hits
    uint32_t tokens_max;  // of a phrase
    Scope scope;
  };

  struct ProximityScratch {
    Windows wider;
    Windows around;
    Occurrences first;
    Occurrences second;
    void clear();
  };

  // windows: null for everywhere.
  void FindIn(uint32_t id, const Windows* windows, Occurrences* found);
  const Occurrences& FindWithin(uint32_t id, const Windows* windows, Occurrences* scratch);
  void FindAny(const ExprPlan& plan, const Windows* windows, Occurrences* found);
  bool MayOccur(const OtherExprs& others, const Windows* windows);
  void FindProximity(const ExprPlan& plan, const Windows* windows, Occurrences* found);
  void FindRegex(const ExprPlan& plan, Occurrences* found);
  template <typename Wanted>
  void FindPhrases(const PhraseSearch& search, const Wanted& wanted, const Windows* windows,
                   Occurrences* found);
  void AddPhrase(const PhraseHit& hit, Scope scope, Occurrences* found);
  bool HoldsInOrder(uint32_t id, bool by_triggers);
  bool InScope(Scope scope, const Occurrence& occurrence);
  bool IsWritten(const Phrase& phrase, uint32_t first) const;
  bool LeadIsRepeated();
  std::string_view JoinTokens(Field field, std::string* joined) const;

  // Whether it is, or is to be, found everywhere, so that windows do not matter.
  bool IsFoundEverywhere(uint32_t id) const {
    return found_[id].generation == generation_ || program_.expr_plans[id].by_triggers;
  }

  const Program& program_;
  PhraseFinder& finder_;
  ScannedArticle article_;
  Gaps gaps_;
  RegexMatcher regex_matcher_;
  uint32_t generation_ = 0;
  std::vector<Found> found_;  // by expression
  uint64_t hit_marks_ = 0;    // of all hits
  std::optional<bool> lead_is_repeated_;
  std::string joined_lead_;
  std::string joined_body_;
  Pool<Occurrences> scratches_;
  Pool<Windows> windows_;
  Pool<ProximityScratch> proximity_scratches_;
  ReachedScratch reached_;
  std::vector<Span> spans_;
  absl::Status status_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_EVALUATOR_H_
