#include "rules/match/evaluator.h"

#include <string.h>

#include <algorithm>

#include "rules/match/proximity.h"
#include "rules/query/words.h"

namespace tocsin::rules {

namespace {

bool Before(const Occurrence& a, const Occurrence& b) {
  return a.first != b.first ? a.first < b.first : a.last < b.last;
}

// One that several ORs hold is found by each.
void SortUnique(Occurrences* found) {
  if (found->size() < 2) return;
  std::sort(found->begin(), found->end(), Before);
  found->erase(std::unique(found->begin(), found->end()), found->end());
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

Evaluator::Evaluator(const Program& program, PhraseFinder* finder)
    : program_(program), finder_(*finder), found_(program.exprs.size()) {}

void Evaluator::Reset(const ScannedArticle& article) {
  article_ = article;
  gaps_.Reset(*article.document, article.tokens.stream, article.tokens.tokens,
              article.tokens.fields);
  lead_is_repeated_.reset();
  status_ = absl::OkStatus();
  hit_marks_ = 0;
  for (const PhraseHit& hit : article.hits) hit_marks_ |= program_.phrase_marks[hit.phrase];
  if (++generation_ != 0) return;
  for (Found& found : found_) found.generation = 0;
  generation_ = 1;
}

void Evaluator::ProximityScratch::clear() {
  wider.clear();
  around.clear();
  first.clear();
  second.clear();
}

bool Evaluator::Holds(uint32_t id) {
  const ExprPlan& plan = program_.expr_plans[id];
  const std::vector<uint32_t>& children = program_.exprs[id].children;
  switch (plan.has_spans ? Op::kPhrase : plan.op) {
    case Op::kNot:
      return !Holds(children[0]);
    case Op::kAnd:
    case Op::kOr: {
      // What is found already may settle what would have to be looked for.
      const bool settles = plan.op == Op::kOr;
      return HoldsInOrder(id, true) == settles ? settles : HoldsInOrder(id, false);
    }
    case Op::kAtLeast:
      return CountDistinct(children[0]) >= program_.exprs[id].count_min;
    default:
      return !Find(id).empty();
  }
}

// An AND or OR over those of its children that are found by triggers, or those that are not.
bool Evaluator::HoldsInOrder(uint32_t id, bool by_triggers) {
  const Expr& expr = program_.exprs[id];
  for (const uint32_t child : expr.children) {
    if (program_.expr_plans[child].by_triggers != by_triggers) continue;
    const bool holds = Holds(child);
    if (holds == (expr.op == Op::kOr)) return holds;
  }
  return expr.op == Op::kAnd;
}

void Evaluator::CollectEvidence(uint32_t id, std::vector<Span>* spans) {
  const Expr& expr = program_.exprs[id];
  switch (program_.expr_plans[id].has_spans ? Op::kPhrase : expr.op) {
    case Op::kNot:
      return;
    case Op::kAnd:
    case Op::kOr:
    case Op::kAtLeast:
      for (const uint32_t child : expr.children) {
        if (Holds(child)) CollectEvidence(child, spans);
      }
      return;
    default:
      for (const Occurrence& occurrence : Find(id)) spans->push_back(occurrence.span);
  }
}

const Occurrences& Evaluator::Find(uint32_t id) {
  Found& found = found_[id];
  if (found.generation != generation_) {
    found.occurrences.clear();
    FindIn(id, nullptr, &found.occurrences);
    found.generation = generation_;
  }
  return found.occurrences;
}

// All occurrences that touch a window, perhaps others besides. scratch must live as long as the
// result.
const Occurrences& Evaluator::FindWithin(uint32_t id, const Windows* windows,
                                         Occurrences* scratch) {
  if (windows == nullptr || IsFoundEverywhere(id)) return Find(id);
  FindIn(id, windows, scratch);
  return *scratch;
}

void Evaluator::FindIn(uint32_t id, const Windows* windows, Occurrences* found) {
  const ExprPlan& plan = program_.expr_plans[id];
  switch (plan.op) {
    case Op::kPhrase:
      return FindPhrases(
          {.mark = MarkOf(plan.atom),
           .by_triggers = plan.by_triggers,
           .tokens_max = plan.tokens_max,
           .scope = plan.scope},
          [&](uint32_t phrase) { return phrase == plan.atom; }, windows, found);
    case Op::kRegex:
      return FindRegex(plan, found);
    case Op::kOr:
      return FindAny(plan, windows, found);
    case Op::kNear:
    case Op::kNotNear:
      return FindProximity(plan, windows, found);
    default:
      status_.Update(absl::InternalError("an expression without occurrences was asked for them"));
  }
}

// One side, and the other only where it would be within reach of that one.
void Evaluator::FindProximity(const ExprPlan& plan, const Windows* windows, Occurrences* found) {
  const bool is_near = plan.op == Op::kNear;
  const auto scratch = proximity_scratches_.Borrow();
  const Windows* first_windows = windows;
  if (windows != nullptr && is_near && !IsFoundEverywhere(plan.first)) {
    Widen(*windows, plan.tokens_max, plan.reach.gap_max, &gaps_, &scratch->wider);
    first_windows = &scratch->wider;
  }
  const Occurrences& first = FindWithin(plan.first, first_windows, &scratch->first);
  if (first.empty()) return;
  if (!IsFoundEverywhere(plan.second)) {
    const Beside beside{.reach = plan.reach,
                        .before = !plan.reach.ordered || !plan.first_is_left,
                        .behind = !plan.reach.ordered || plan.first_is_left};
    for (const Occurrence& occurrence : first) {
      AddReach(occurrence, beside, &gaps_, &scratch->around);
    }
  }
  const Occurrences& second = FindWithin(plan.second, &scratch->around, &scratch->second);
  if (!is_near) return FindNotNear(first, second, plan.reach, &gaps_, &reached_, found);
  const Occurrences& left = plan.first_is_left ? first : second;
  const Occurrences& right = plan.first_is_left ? second : first;
  FindNear(left, right, plan.reach, &gaps_, found);
  // Beyond the windows not everything was found that a shorter span might cover.
  if (windows != nullptr) {
    std::erase_if(*found, [&](const Occurrence& o) { return !Touches(o, *windows); });
  }
}

template <typename Wanted>
void Evaluator::FindPhrases(const PhraseSearch& search, const Wanted& wanted,
                            const Windows* windows, Occurrences* found) {
  const auto add = [&](const PhraseHit& hit) {
    if (wanted(hit.phrase)) AddPhrase(hit, search.scope, found);
  };
  if (search.by_triggers) {
    if ((hit_marks_ & search.mark) == 0) return;
    std::ranges::for_each(article_.hits, add);
  } else {
    std::ranges::for_each(article_.keyless_hits, add);
    const uint32_t count = article_.tokens.size();
    const TokenRange everywhere{.begin = 0, .end = count};
    const uint32_t beyond = std::min(search.tokens_max, program_.phrase_tokens_max) - 1;
    uint32_t next = 0;
    for (const TokenRange& window :
         windows != nullptr ? std::span(*windows) : std::span(&everywhere, 1)) {
      const uint32_t end = std::min(count, window.end + beyond);
      next = std::max(next, window.begin - std::min(window.begin, beyond));
      finder_.ForEach({.begin = next, .end = end}, search.mark, add);
      next = std::max(next, end);
    }
  }
  SortUnique(found);
}

void Evaluator::AddPhrase(const PhraseHit& hit, Scope scope, Occurrences* found) {
  const Phrase& phrase = program_.phrases[hit.phrase].phrase;
  const uint32_t last = hit.first + static_cast<uint32_t>(phrase.tokens.size()) - 1;
  const Gap widest = gaps_.Widest(hit.first, last, phrase.gap_max);
  if (widest > phrase.gap_max || !IsWritten(phrase, hit.first)) return;
  const Occurrence occurrence{.first = hit.first,
                              .last = last,
                              .span = {.field = gaps_.FieldOf(hit.first),
                                       .begin = article_.tokens.tokens[hit.first].source_begin,
                                       .end = article_.tokens.tokens[last].source_end}};
  if (InScope(scope, occurrence)) found->push_back(occurrence);
}

// Case and accents as written, whatever the composition and whatever soft hyphens stand inside.
bool Evaluator::IsWritten(const Phrase& phrase, uint32_t first) const {
  for (size_t i = 0; i < phrase.written.size(); ++i) {
    const Token& token = article_.tokens.tokens[first + i];
    const std::string_view source =
        article_.document->Text(gaps_.FieldOf(first))
            .substr(token.source_begin, token.source_end - token.source_begin);
    if (source == phrase.written[i]) continue;
    if (IsAscii(source) || AsWritten(source) != phrase.written[i]) return false;
  }
  return true;
}

void Evaluator::FindRegex(const ExprPlan& plan, Occurrences* found) {
  if (!article_.regex_may_match[plan.atom]) return;
  const auto all = scratches_.Borrow();
  for (const Field field : {Field::kTitle, Field::kLead, Field::kBody}) {
    if (!status_.ok()) return;
    status_ = regex_matcher_.Find(program_.regexes[plan.atom].regex, article_.document->Text(field),
                                  [&](size_t begin, size_t end) {
                                    all->push_back({.span = {.field = field,
                                                             .begin = static_cast<uint32_t>(begin),
                                                             .end = static_cast<uint32_t>(end)}});
                                  });
  }
  for (const Occurrence& occurrence : *all) {
    if (InScope(plan.scope, occurrence)) found->push_back(occurrence);
  }
}

void Evaluator::FindAny(const ExprPlan& plan, const Windows* windows, Occurrences* found) {
  if (plan.set != ExprPlan::kNone) {
    const PhraseSet& set = program_.sets[plan.set];
    FindPhrases(
        {.mark = MarkOf(plan.set),
         .by_triggers = plan.set_by_triggers,
         .tokens_max = plan.tokens_max,
         .scope = plan.scope},
        [&](uint32_t phrase) { return set.Contains(phrase); }, windows, found);
  }
  for (const OtherExprs& others : plan.others) {
    if (!MayOccur(others, windows)) continue;
    for (const uint32_t child : others.exprs) {
      const auto scratch = scratches_.Borrow();
      const Occurrences& occurrences = FindWithin(child, windows, scratch.get());
      found->insert(found->end(), occurrences.begin(), occurrences.end());
    }
    SortUnique(found);
  }
}

// A look at a window instead of one for each: mostly there is nothing.
bool Evaluator::MayOccur(const OtherExprs& others, const Windows* windows) {
  if (others.need == OtherExprs::kUnknown) return true;
  const uint64_t mark = MarkOf(others.need);
  const PhraseSet& need = program_.sets[others.need];
  const auto is_needed = [&](const PhraseHit& hit) { return need.Contains(hit.phrase); };
  if (others.by_triggers) {
    return (hit_marks_ & mark) != 0 && std::ranges::any_of(article_.hits, is_needed);
  }
  if (windows == nullptr) return true;
  if (std::ranges::any_of(article_.keyless_hits, is_needed)) return true;
  const auto wider = windows_.Borrow();
  Widen(*windows, others.tokens_max, others.gap_max, &gaps_, wider.get());
  return std::ranges::any_of(
      *wider, [&](const TokenRange& window) { return finder_.Any(window, mark, is_needed); });
}

bool Evaluator::InScope(Scope scope, const Occurrence& occurrence) {
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
  const TokenRange body = article_.tokens.fields[static_cast<int>(Field::kBody)];
  if (field != Field::kBody || body.begin == body.end) return false;
  const uint32_t lead_end = gaps_.RunOf(body.begin, Gap::kSentence).last;
  // What stands behind the last word, a full stop that a regex asks for, is still the lead's.
  return lead_end + 1 == body.end ||
         occurrence.span.end <= article_.tokens.tokens[lead_end + 1].source_begin;
}

uint32_t Evaluator::CountDistinct(uint32_t operand) {
  const Occurrences& found = Find(operand);
  const bool in_body = std::any_of(
      found.begin(), found.end(), [](const Occurrence& o) { return o.span.field == Field::kBody; });
  spans_.clear();
  for (const Occurrence& occurrence : found) spans_.push_back(occurrence.span);
  std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) {
    return a.field != b.field ? a.field < b.field : a.end < b.end;
  });
  uint32_t count = 0;
  const Span* counted = nullptr;
  for (const Span& span : spans_) {
    if (span.field == Field::kLead && in_body && LeadIsRepeated()) continue;
    if (counted != nullptr && counted->field == span.field && span.begin < counted->end) continue;
    counted = &span;
    ++count;
  }
  return count;
}

// memmem takes time that grows with the sum of both lengths, not with their product.
bool Evaluator::LeadIsRepeated() {
  if (!lead_is_repeated_) {
    const std::string_view lead = JoinTokens(Field::kLead, &joined_lead_);
    const std::string_view body = JoinTokens(Field::kBody, &joined_body_);
    lead_is_repeated_ = memmem(body.data(), body.size(), lead.data(), lead.size()) != nullptr;
  }
  return *lead_is_repeated_;
}

// A space before, between and behind them; in the stream there may be several.
std::string_view Evaluator::JoinTokens(Field field, std::string* joined) const {
  joined->assign(1, ' ');
  const TokenRange range = article_.tokens.fields[static_cast<int>(field)];
  for (uint32_t i = range.begin; i < range.end; ++i) {
    const Token& token = article_.tokens.tokens[i];
    joined->append(
        article_.tokens.stream.substr(token.folded_begin, token.folded_end - token.folded_begin));
    joined->push_back(' ');
  }
  return *joined;
}

}  // namespace tocsin::rules
