// Decides the rules of one article over the occurrences of their atoms, at the end of the document
// (DESIGN §4.5).
//
//   evaluator.Reset(article);
//   ASSIGN_OR_RETURN(const bool holds, evaluator.Holds(plan.expr));
//   if (holds) RETURN_IF_ERROR(evaluator.CollectEvidence(plan.expr, &spans));
//
// Shape     every expression is evaluated at most once an article, whichever rules share it.
// Errors    ResourceExhausted: a regex met its limit. Internal: ICU failed.
// Threads   one Evaluator per thread.
// Lifetime  views the program, and the article's text, stream, tokens and hits until the next
// Reset.
#ifndef TOCSIN_RULES_MATCH_EVALUATOR_H_
#define TOCSIN_RULES_MATCH_EVALUATOR_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/compile/program.h"
#include "rules/document.h"
#include "rules/match/occurrence.h"
#include "rules/match/phrase_search.h"
#include "rules/text/fold.h"
#include "rules/text/gaps.h"

namespace tocsin::rules {

// What the scan has found out about an article.
struct ScannedArticle {
  const Document* document = nullptr;
  std::string_view stream;
  std::span<const Token> tokens;
  FieldTokens fields{};
  std::span<const PhraseHit> hits;           // sorted, each once
  std::span<const uint8_t> regex_may_match;  // by regex: false where the prefilter has excluded it
};

class Evaluator {
 public:
  explicit Evaluator(const Program& program);

  void Reset(const ScannedArticle& article);
  absl::StatusOr<bool> Holds(uint32_t expr);
  absl::Status CollectEvidence(uint32_t expr, std::vector<Span>* spans);

  // Of a phrase, a regex, a proximity or an OR of such.
  absl::StatusOr<const Occurrences*> Find(uint32_t expr);

  // What ATLEAST counts of its operand.
  absl::StatusOr<uint32_t> CountDistinct(uint32_t operand);

  Gaps* gaps() { return &gaps_; }

 private:
  absl::Status FindIn(const Expr& expr, Occurrences* found);
  absl::Status FindPhrase(const Expr& expr, Occurrences* found);
  absl::Status FindRegex(const Expr& expr, Occurrences* found);
  absl::Status FindAny(const Expr& expr, Occurrences* found);
  absl::StatusOr<bool> InScope(Scope scope, const Occurrence& occurrence);
  bool IsWritten(const Phrase& phrase, uint32_t first) const;
  bool LeadIsRepeated();
  std::string_view FoldedField(Field field) const;

  const Program& program_;
  ScannedArticle article_;
  Gaps gaps_;
  RegexMatcher regex_matcher_;
  uint32_t generation_ = 0;
  std::vector<uint32_t> known_;           // by expression: the generation that it was evaluated in
  std::vector<Occurrences> occurrences_;  // by expression
  std::optional<bool> lead_is_repeated_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_EVALUATOR_H_
