#include "rules/match/evaluator.h"

#include <algorithm>

#include "rules/base/status_macros.h"
#include "rules/match/proximity.h"
#include "rules/query/words.h"

namespace tocsin::rules {

Evaluator::Evaluator(const Program& program)
    : program_(program), known_(program.exprs.size()), occurrences_(program.exprs.size()) {}

void Evaluator::Reset(const ScannedArticle& article) {
  article_ = article;
  gaps_.Reset(*article.document, article.stream, article.tokens, article.fields);
  lead_is_repeated_.reset();
  if (++generation_ != 0) return;
  std::fill(known_.begin(), known_.end(), 0);
  generation_ = 1;
}

absl::StatusOr<bool> Evaluator::Holds(uint32_t id) {
  const Expr& expr = program_.exprs[id];
  switch (expr.op) {
    case Op::kNot: {
      ASSIGN_OR_RETURN(const bool holds, Holds(expr.children[0]));
      return !holds;
    }
    case Op::kAnd:
    case Op::kOr:
      for (const uint32_t child : expr.children) {
        ASSIGN_OR_RETURN(const bool holds, Holds(child));
        if (holds == (expr.op == Op::kOr)) return holds;
      }
      return expr.op == Op::kAnd;
    case Op::kAtLeast: {
      ASSIGN_OR_RETURN(const uint32_t count, CountDistinct(expr.children[0]));
      return count >= expr.count_min;
    }
    default: {
      ASSIGN_OR_RETURN(const Occurrences* found, Find(id));
      return !found->empty();
    }
  }
}

absl::Status Evaluator::CollectEvidence(uint32_t id, std::vector<Span>* spans) {
  const Expr& expr = program_.exprs[id];
  switch (expr.op) {
    case Op::kNot:
      return absl::OkStatus();
    case Op::kAnd:
    case Op::kOr:
    case Op::kAtLeast:
      for (const uint32_t child : expr.children) {
        ASSIGN_OR_RETURN(const bool holds, Holds(child));
        if (holds) RETURN_IF_ERROR(CollectEvidence(child, spans));
      }
      return absl::OkStatus();
    default: {
      ASSIGN_OR_RETURN(const Occurrences* found, Find(id));
      for (const Occurrence& occurrence : *found) spans->push_back(occurrence.span);
      return absl::OkStatus();
    }
  }
}

absl::StatusOr<const Occurrences*> Evaluator::Find(uint32_t id) {
  Occurrences& found = occurrences_[id];
  if (known_[id] != generation_) {
    found.clear();
    RETURN_IF_ERROR(FindIn(program_.exprs[id], &found));
    known_[id] = generation_;
  }
  return &found;
}

absl::Status Evaluator::FindIn(const Expr& expr, Occurrences* found) {
  switch (expr.op) {
    case Op::kPhrase:
      return FindPhrase(expr, found);
    case Op::kRegex:
      return FindRegex(expr, found);
    case Op::kOr:
      return FindAny(expr, found);
    case Op::kNear:
    case Op::kNotNear: {
      ASSIGN_OR_RETURN(const Occurrences* left, Find(expr.children[0]));
      if (left->empty()) return absl::OkStatus();
      ASSIGN_OR_RETURN(const Occurrences* right, Find(expr.children[1]));
      return expr.op == Op::kNear ? FindNear(*left, *right, expr.reach, &gaps_, found)
                                  : FindNotNear(*left, *right, expr.reach, &gaps_, found);
    }
    default:
      return absl::InternalError("an expression without occurrences was asked for them");
  }
}

absl::Status Evaluator::FindPhrase(const Expr& expr, Occurrences* found) {
  const Phrase& phrase = program_.phrases[expr.atom].phrase;
  const auto hits = std::equal_range(
      article_.hits.begin(), article_.hits.end(), PhraseHit{.atom = expr.atom, .begin = 0},
      [](const PhraseHit& a, const PhraseHit& b) { return a.atom < b.atom; });
  auto token = article_.tokens.begin();
  for (auto hit = hits.first; hit != hits.second; ++hit) {
    token = std::lower_bound(token, article_.tokens.end(), hit->begin,
                             [](const Token& t, uint32_t begin) { return t.folded_begin < begin; });
    const auto first = static_cast<uint32_t>(token - article_.tokens.begin());
    const auto last = first + static_cast<uint32_t>(phrase.tokens.size()) - 1;
    ASSIGN_OR_RETURN(const Gap widest, gaps_.Widest(first, last, phrase.gap_max));
    if (widest > phrase.gap_max || !IsWritten(phrase, first)) continue;
    const Occurrence occurrence{.first = first,
                                .last = last,
                                .span = {.field = gaps_.FieldOf(first),
                                         .begin = article_.tokens[first].source_begin,
                                         .end = article_.tokens[last].source_end}};
    ASSIGN_OR_RETURN(const bool in_scope, InScope(expr.scope, occurrence));
    if (in_scope) found->push_back(occurrence);
  }
  return absl::OkStatus();
}

// Case and accents as written, whatever the composition and whatever soft hyphens stand inside.
bool Evaluator::IsWritten(const Phrase& phrase, uint32_t first) const {
  for (size_t i = 0; i < phrase.written.size(); ++i) {
    const Token& token = article_.tokens[first + i];
    const std::string_view source = article_.document->Text(gaps_.FieldOf(first));
    if (AsWritten(source.substr(token.source_begin, token.source_end - token.source_begin)) !=
        phrase.written[i]) {
      return false;
    }
  }
  return true;
}

absl::Status Evaluator::FindRegex(const Expr& expr, Occurrences* found) {
  if (!article_.regex_may_match[expr.atom]) return absl::OkStatus();
  Occurrences all;
  for (const Field field : {Field::kTitle, Field::kLead, Field::kBody}) {
    RETURN_IF_ERROR(
        regex_matcher_.Find(program_.regexes[expr.atom].regex, article_.document->Text(field),
                            [&](size_t begin, size_t end) {
                              all.push_back({.span = {.field = field,
                                                      .begin = static_cast<uint32_t>(begin),
                                                      .end = static_cast<uint32_t>(end)}});
                            }));
  }
  for (const Occurrence& occurrence : all) {
    ASSIGN_OR_RETURN(const bool in_scope, InScope(expr.scope, occurrence));
    if (in_scope) found->push_back(occurrence);
  }
  return absl::OkStatus();
}

absl::Status Evaluator::FindAny(const Expr& expr, Occurrences* found) {
  for (const uint32_t child : expr.children) {
    ASSIGN_OR_RETURN(const Occurrences* occurrences, Find(child));
    found->insert(found->end(), occurrences->begin(), occurrences->end());
  }
  std::sort(found->begin(), found->end(), [](const Occurrence& a, const Occurrence& b) {
    return a.first != b.first ? a.first < b.first : a.last < b.last;
  });
  found->erase(std::unique(found->begin(), found->end()), found->end());
  return absl::OkStatus();
}

absl::StatusOr<bool> Evaluator::InScope(Scope scope, const Occurrence& occurrence) {
  const Field field = occurrence.span.field;
  switch (scope) {
    case Scope::kAnywhere:
      return true;
    case Scope::kTitle:
      return field == Field::kTitle;
    case Scope::kBody:
      return field == Field::kBody;
    case Scope::kLead:
      break;
  }
  if (!article_.document->lead.empty()) return field == Field::kLead;
  const TokenRange body = article_.fields[static_cast<int>(Field::kBody)];
  if (field != Field::kBody || body.begin == body.end) return false;
  ASSIGN_OR_RETURN(const uint32_t lead_end, gaps_.RunEnd(body.begin, Gap::kSentence));
  // What stands behind the last word, a full stop that a regex asks for, is still the lead's.
  return lead_end + 1 == body.end ||
         occurrence.span.end <= article_.tokens[lead_end + 1].source_begin;
}

absl::StatusOr<uint32_t> Evaluator::CountDistinct(uint32_t operand) {
  ASSIGN_OR_RETURN(const Occurrences* found, Find(operand));
  const bool in_body = std::any_of(found->begin(), found->end(), [](const Occurrence& o) {
    return o.span.field == Field::kBody;
  });
  std::vector<Span> spans;
  for (const Occurrence& occurrence : *found) spans.push_back(occurrence.span);
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.field != b.field ? a.field < b.field : a.end < b.end;
  });
  uint32_t count = 0;
  const Span* counted = nullptr;
  for (const Span& span : spans) {
    if (span.field == Field::kLead && in_body && LeadIsRepeated()) continue;
    if (counted != nullptr && counted->field == span.field && span.begin < counted->end) continue;
    counted = &span;
    ++count;
  }
  return count;
}

bool Evaluator::LeadIsRepeated() {
  if (!lead_is_repeated_) {
    lead_is_repeated_ =
        FoldedField(Field::kBody).find(FoldedField(Field::kLead)) != std::string_view::npos;
  }
  return *lead_is_repeated_;
}

// With the spaces around its tokens.
std::string_view Evaluator::FoldedField(Field field) const {
  const TokenRange range = article_.fields[static_cast<int>(field)];
  if (range.begin == range.end) return " ";
  const size_t begin = article_.tokens[range.begin].folded_begin - 1;
  const size_t end = article_.stream.find(' ', article_.tokens[range.end - 1].folded_begin) + 1;
  return article_.stream.substr(begin, end - begin);
}

}  // namespace tocsin::rules
