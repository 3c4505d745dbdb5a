#include "rules/match/plain_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/base/language.h"
#include "rules/query/words.h"

namespace tocsin::rules {
namespace {

constexpr std::array<Field, kFieldCount> kFields = {Field::kTitle, Field::kLead, Field::kBody};

Occurrence Cover(const Occurrence& before, const Occurrence& behind) {
  return {.first = before.first,
          .last = behind.last,
          .span = {.field = before.span.field, .begin = before.span.begin, .end = behind.span.end}};
}

size_t BytesOfCodePointAt(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

}  // namespace

PlainScanner::PlainScanner(std::shared_ptr<const RuleSet> rule_set,
                           std::shared_ptr<const IgnoredLines> ignored)
    : rule_set_(std::move(rule_set)),
      ignored_(std::move(ignored)),
      program_(rule_set_->program()) {}

absl::Status PlainScanner::Scan(const Document& document, std::vector<uint32_t>* rules) {
  rules->clear();
  if (document.title.size() + document.lead.size() + document.body.size() > kTextBytesMax) {
    return absl::ResourceExhaustedError(
        fmt::format("a text of more than {} bytes", size_t{kTextBytesMax}));
  }
  steps_ = 0;
  status_ = absl::OkStatus();
  known_.assign(program_.exprs.size(), std::nullopt);
  document_ = document;
  if (ignored_ != nullptr) Blank(&document_);
  ReadWords();
  FindLead();
  for (uint32_t rule = 0; rule < program_.plans.size() && status_.ok(); ++rule) {
    const RulePlan& plan = program_.plans[rule];
    if (IsFor(plan.languages, document.language) && Holds(plan.expr)) rules->push_back(rule);
  }
  known_.clear();
  if (!status_.ok()) rules->clear();
  return status_;
}

void PlainScanner::Blank(Document* document) {
  for (const Field field : kFields) {
    std::string& blanked = blanked_[static_cast<int>(field)];
    const auto changed = ignored_->Blank(document->Text(field), &regexes_, &blanked);
    status_.Update(changed.status());
    if (!changed.ok() || !*changed) continue;
    (field == Field::kTitle  ? document->title
     : field == Field::kLead ? document->lead
                             : document->body) = blanked;
  }
}

void PlainScanner::ReadWords() {
  folder_.Clear();
  words_.clear();
  places_.clear();
  FieldTokens fields{};
  for (const Field field : kFields) {
    const auto begin = static_cast<uint32_t>(folder_.tokens().size());
    folder_.AppendWithTokens(document_.Text(field), document_.language);
    fields[static_cast<int>(field)] = {.begin = begin,
                                       .end = static_cast<uint32_t>(folder_.tokens().size())};
  }
  for (const Field field : kFields) {
    const TokenRange range = fields[static_cast<int>(field)];
    for (uint32_t i = range.begin; i < range.end; ++i) {
      const Token& token = folder_.tokens()[i];
      words_.push_back({.folded = folder_.stream().substr(token.folded_begin,
                                                          token.folded_end - token.folded_begin),
                        .source = document_.Text(field).substr(
                            token.source_begin, token.source_end - token.source_begin),
                        .field = field,
                        .begin = token.source_begin,
                        .end = token.source_end,
                        .wider_before = {}});
      places_[words_.back().folded].push_back(i);
    }
  }
  ReadGaps(fields);
}

void PlainScanner::ReadGaps(const FieldTokens& fields) {
  gaps_.Reset(document_, folder_.stream(), folder_.tokens(), fields);
  for (uint32_t i = 1; i < words_.size(); ++i) {
    CountByGap& wider = words_[i].wider_before;
    wider = words_[i - 1].wider_before;
    const auto gap = static_cast<size_t>(gaps_.Behind(i - 1));
    for (size_t limit = 0; limit < gap; ++limit) ++wider[limit];
  }
  status_.Update(gaps_.status());
}

// Of a body that stands for the lead: the first paragraph, and what stands before the second one.
void PlainScanner::FindLead() {
  const auto sentence = static_cast<size_t>(Gap::kSentence);
  const Word* first = nullptr;
  beyond_lead_ = 0;
  for (const Word& word : words_) {
    if (word.field != Field::kBody) continue;
    if (first == nullptr) first = &word;
    beyond_lead_ = word.begin + 1;
    if (word.wider_before[sentence] > first->wider_before[sentence]) return;
  }
  if (first != nullptr) beyond_lead_ = static_cast<uint32_t>(document_.body.size()) + 1;
}

bool PlainScanner::Holds(uint32_t id) {
  const Expr& expr = program_.exprs[id];
  const auto holds = [this](uint32_t child) { return Holds(child); };
  switch (expr.op) {
    case Op::kAnd:
      return std::all_of(expr.children.begin(), expr.children.end(), holds);
    case Op::kOr:
      return std::any_of(expr.children.begin(), expr.children.end(), holds);
    case Op::kNot:
      return !Holds(expr.children[0]);
    case Op::kAtLeast:
      return CountApart(Find(expr.children[0])) >= expr.count_min;
    default:
      return !Find(id).empty();
  }
}

const Occurrences& PlainScanner::Find(uint32_t id) {
  std::optional<Occurrences>& known = known_[id];
  if (!known) known = FindAnew(program_.exprs[id]);
  return *known;
}

Occurrences PlainScanner::FindAnew(const Expr& expr) {
  switch (expr.op) {
    case Op::kPhrase:
      return FindPhrase(program_.phrases[expr.atom].phrase, expr.scope);
    case Op::kRegex:
      return FindRegex(program_.regexes[expr.atom].regex, expr.scope);
    case Op::kNear:
      return FindNear(expr);
    case Op::kNotNear:
      return FindNotNear(expr);
    default:  // kOr: nothing else has occurrences
      break;
  }
  Occurrences all;
  for (const uint32_t child : expr.children) {
    const Occurrences& found = Find(child);
    if (IsOver(found.size())) break;
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

Occurrences PlainScanner::FindPhrase(const Phrase& phrase, Scope scope) {
  Occurrences all;
  for (const uint32_t first : PlacesOf(phrase.tokens[0])) {
    if (!StandsAt(phrase, first)) continue;
    const auto last = static_cast<uint32_t>(first + phrase.tokens.size() - 1);
    const Occurrence found{
        .first = first,
        .last = last,
        .span = {
            .field = words_[first].field, .begin = words_[first].begin, .end = words_[last].end}};
    if (InScope(found, scope)) all.push_back(found);
  }
  return all;
}

// Words that begin alike stand together.
std::vector<uint32_t> PlainScanner::PlacesOf(std::string_view pattern) {
  const std::string_view head = pattern.substr(0, pattern.find_first_of("*?"));
  std::vector<uint32_t> all;
  for (auto word = places_.lower_bound(head);
       word != places_.end() && word->first.starts_with(head); ++word) {
    if (Fits(pattern, word->first)) all.insert(all.end(), word->second.begin(), word->second.end());
  }
  return all;
}

bool PlainScanner::StandsAt(const Phrase& phrase, uint32_t first) {
  const auto gap = static_cast<size_t>(phrase.gap_max);
  if (phrase.tokens.size() > words_.size() - first) return false;
  for (size_t i = 0; i < phrase.tokens.size(); ++i) {
    const Word& word = words_[first + i];
    if (!Fits(phrase.tokens[i], word.folded)) return false;
    if (!phrase.written.empty() && AsWritten(word.source) != phrase.written[i]) return false;
    if (word.wider_before[gap] != words_[first].wider_before[gap]) return false;
  }
  return true;
}

// `*` stands at the ends of a pattern alone.
bool PlainScanner::Fits(std::string_view pattern, std::string_view word) {
  if (IsOver()) return false;
  const bool begins_anywhere = pattern.starts_with('*');
  const bool ends_anywhere = pattern.ends_with('*');
  if (begins_anywhere) pattern.remove_prefix(1);
  if (ends_anywhere) pattern.remove_suffix(1);
  for (size_t begin = 0; begin <= word.size(); ++begin) {
    size_t at = begin;
    size_t matched = 0;
    for (; matched < pattern.size() && at < word.size(); ++matched) {
      if (pattern[matched] != '?' && pattern[matched] != word[at]) break;
      at += pattern[matched] == '?' ? BytesOfCodePointAt(word, at) : 1;
    }
    if (matched == pattern.size() && (ends_anywhere || at == word.size())) return true;
    if (!begins_anywhere) return false;
  }
  return false;
}

Occurrences PlainScanner::FindRegex(const Regex& regex, Scope scope) {
  Occurrences all;
  for (const Field field : kFields) {
    if (IsOver(document_.Text(field).size())) break;
    const auto add = [&](size_t begin, size_t end) {
      const Occurrence found{.span = {.field = field,
                                      .begin = static_cast<uint32_t>(begin),
                                      .end = static_cast<uint32_t>(end)}};
      if (InScope(found, scope)) all.push_back(found);
    };
    status_.Update(regexes_.Find(regex, document_.Text(field), add));
  }
  return all;
}

// The spans that cover a pair, but for those that cover another one: of one operand's only the
// shortest to either side can be among them.
Occurrences PlainScanner::FindNear(const Expr& near) {
  const Occurrences& right = Find(near.children[1]);
  Occurrences covers;
  for (const Occurrence& one : Find(near.children[0])) {
    if (IsOver(right.size())) break;
    const Occurrence* before = nullptr;
    const Occurrence* behind = nullptr;
    for (const Occurrence& other : right) {
      const bool is_behind = Reaches(one, other, near.reach);
      const bool is_before = !near.reach.ordered && Reaches(other, one, near.reach);
      if (is_behind && (behind == nullptr || other.last < behind->last)) behind = &other;
      if (is_before && (before == nullptr || other.first > before->first)) before = &other;
    }
    if (behind != nullptr) covers.push_back(Cover(one, *behind));
    if (before != nullptr) covers.push_back(Cover(*before, one));
  }
  // Behind each other those that begin last; of several there the shortest.
  std::sort(covers.begin(), covers.end(), [](const Occurrence& a, const Occurrence& b) {
    return a.first != b.first ? a.first > b.first : a.last < b.last;
  });
  Occurrences minimal;
  for (const Occurrence& cover : covers) {
    if (minimal.empty() || cover.last < minimal.back().last) minimal.push_back(cover);
  }
  return minimal;
}

Occurrences PlainScanner::FindNotNear(const Expr& not_near) {
  const Occurrences& right = Find(not_near.children[1]);
  const Reach& reach = not_near.reach;
  Occurrences clean = Find(not_near.children[0]);
  std::erase_if(clean, [&](const Occurrence& one) {
    return IsOver(1 + right.size()) ||
           std::any_of(right.begin(), right.end(), [&](const Occurrence& other) {
             return Reaches(one, other, reach) || (!reach.ordered && Reaches(other, one, reach));
           });
  });
  return clean;
}

bool PlainScanner::Reaches(const Occurrence& before, const Occurrence& behind,
                           const Reach& reach) const {
  if (before.span.field != behind.span.field || before.last >= behind.first) {
    return false;
  }
  const auto gap = static_cast<size_t>(reach.gap_max);
  return behind.first - before.last <= reach.tokens_max &&
         words_[before.first].wider_before[gap] == words_[behind.last].wider_before[gap];
}

bool PlainScanner::InScope(const Occurrence& found, Scope scope) const {
  const Field field = found.span.field;
  if (scope == Scope::kLead && !document_.lead.empty()) return field == Field::kLead;
  if (scope == Scope::kLead) return field == Field::kBody && found.span.end < beyond_lead_;
  return scope == Scope::kAnywhere ||
         field == (scope == Scope::kTitle ? Field::kTitle : Field::kBody);
}

// As many as do not overlap; a lead that the body repeats counts once.
uint32_t PlainScanner::CountApart(Occurrences found) {
  if (IsOver(found.size())) return 0;
  const auto is_in = [](Field field) {
    return [field](const Occurrence& one) { return one.span.field == field; };
  };
  if (std::any_of(found.begin(), found.end(), is_in(Field::kBody)) && LeadStandsInBody()) {
    std::erase_if(found, is_in(Field::kLead));
  }
  std::sort(found.begin(), found.end(), [](const Occurrence& a, const Occurrence& b) {
    return a.span.field != b.span.field ? a.span.field < b.span.field : a.span.end < b.span.end;
  });
  uint32_t count = 0;
  const Span* latest = nullptr;
  for (const Occurrence& one : found) {
    if (latest != nullptr && latest->field == one.span.field && one.span.begin < latest->end)
      continue;
    latest = &one.span;
    ++count;
  }
  return count;
}

bool PlainScanner::LeadStandsInBody() {
  std::vector<std::string_view> lead;
  std::vector<std::string_view> body;
  for (const Word& word : words_) {
    if (word.field == Field::kLead) lead.push_back(word.folded);
    if (word.field == Field::kBody) body.push_back(word.folded);
  }
  const auto same = [this](std::string_view a, std::string_view b) { return !IsOver() && a == b; };
  return lead.empty() ||
         std::search(body.begin(), body.end(), lead.begin(), lead.end(), same) != body.end();
}

bool PlainScanner::IsOver(uint64_t steps) {
  steps_ += steps;
  if (steps_ <= kStepsMax) return false;
  if (status_.ok()) {
    status_ = absl::ResourceExhaustedError(fmt::format("more than {} steps", uint64_t{kStepsMax}));
  }
  return true;
}

}  // namespace tocsin::rules
