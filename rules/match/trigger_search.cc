#include "rules/match/trigger_search.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "rules/base/status_macros.h"

namespace tocsin::rules {

bool TriggerSearch::MayFind(std::string_view stream) {
  for (const uint32_t rule : rules_) is_triggered_[rule] = 0;
  rules_.clear();
  hits_.clear();
  keyless_hits_.clear();
  keyed_.clear();
  FindKeyed(stream);
  return !keyed_.empty() || program_.keyless.database != nullptr;
}

// First only which tokens may be keys, in loops without branches: to guess them wrong would cost
// more than they do.
void TriggerSearch::FindKeyed(std::string_view stream) {
  const WordIndex& words = program_.trigger_words;
  const auto folded = [&](StreamToken token) {
    return stream.substr(token.begin, token.end - token.begin);
  };
  filter_.Find(words.glance(), stream);
  likely_.resize(filter_.begins().size());
  size_t likely = 0;
  for (const uint32_t begin : filter_.begins()) {
    likely_[likely] = {.begin = begin, .end = TokenEnd(stream, begin)};
    likely += static_cast<size_t>(words.BeginsLikely(folded(likely_[likely])));
  }
  likely_.resize(likely);
  for (const StreamToken key : likely_) words.PrefetchSlots(folded(key));
  for (const StreamToken key : likely_) words.PrefetchEntries(folded(key));
  const auto add = [&](StreamToken key, const PhraseUse& use) {
    const auto first = use.is_sure ? std::optional(key.begin)
                                   : FindAround(program_.phrases[use.phrase], stream, key);
    if (first) keyed_.push_back({.begin = *first, .phrase = use.phrase});
  };
  for (const StreamToken key : likely_) {
    words.ForEachBeginning(folded(key), [&](const PhraseUse& use) { add(key, use); });
  }
  for (const uint32_t end : filter_.ends()) {
    const StreamToken key = {.begin = TokenBegin(stream, end), .end = end};
    words.ForEachEnding(folded(key), [&](const PhraseUse& use) { add(key, use); });
  }
}

absl::Status TriggerSearch::Find(const ArticleTokens& article, hs_scratch_t* scratch,
                                 PhraseFinder* finder) {
  for (const StreamHit& hit : keyed_) {
    hits_.push_back({.first = article.TokenAt(hit.begin), .phrase = hit.phrase});
  }
  if (program_.keyless.database != nullptr) RETURN_IF_ERROR(FindKeyless(article, scratch));
  std::sort(hits_.begin(), hits_.end());
  for (const PhraseHit& hit : hits_) {
    for (const uint32_t id : program_.phrase_triggers[hit.phrase]) {
      const Trigger& trigger = program_.triggers[id];
      if (!TriggersMore(trigger)) continue;
      const bool is_met = std::all_of(
          trigger.conditions.begin(), trigger.conditions.end(),
          [&](const Condition& condition) { return IsMet(condition, article, hit, finder); });
      if (!is_met) continue;
      for (const uint32_t rule : trigger.rules) AddRule(rule);
    }
  }
  return absl::OkStatus();
}

void TriggerSearch::AddRule(uint32_t rule) {
  if (!is_triggered_[rule]) rules_.push_back(rule);
  is_triggered_[rule] = 1;
}

std::span<const uint32_t> TriggerSearch::rules() {
  std::sort(rules_.begin(), rules_.end());
  return rules_;
}

absl::Status TriggerSearch::FindKeyless(const ArticleTokens& article, hs_scratch_t* scratch) {
  const PhraseDatabase& keyless = program_.keyless;
  RETURN_IF_ERROR(
      Scan(keyless.database.get(), article.stream, scratch, [&](unsigned id, size_t end) {
        const size_t literal = end - keyless.literal_bytes[id];
        const size_t inside = article.stream[literal] == ' ' ? literal + 1 : literal;
        const uint32_t token = article.TokenAt(inside);
        for (const uint32_t phrase : keyless.phrases[id]) {
          if (const auto first = ConfirmPhrase(program_.phrases[phrase], article, token)) {
            keyless_hits_.push_back({.first = *first, .phrase = phrase});
          }
        }
      }));
  std::sort(keyless_hits_.begin(), keyless_hits_.end());
  keyless_hits_.erase(std::unique(keyless_hits_.begin(), keyless_hits_.end()), keyless_hits_.end());
  hits_.insert(hits_.end(), keyless_hits_.begin(), keyless_hits_.end());
  return absl::OkStatus();
}

bool TriggerSearch::TriggersMore(const Trigger& trigger) const {
  return std::any_of(trigger.rules.begin(), trigger.rules.end(),
                     [this](uint32_t rule) { return is_triggered_[rule] == 0; });
}

// Gaps, case and scopes are left to the evaluator.
bool TriggerSearch::IsMet(const Condition& condition, const ArticleTokens& article,
                          const PhraseHit& hit, PhraseFinder* finder) const {
  const PhraseSet& set = program_.sets[condition.set];
  const TokenRange field = article.FieldOf(hit.first);
  const uint32_t first = std::max(field.begin, hit.first - std::min(hit.first, condition.before));
  const uint32_t last = std::min(field.end - 1, hit.first + condition.behind);
  const auto meets = [&](const PhraseHit& other) {
    return other.first >= first && other.first <= last && set.Contains(other.phrase);
  };
  if (std::any_of(keyless_hits_.begin(), keyless_hits_.end(), meets)) return true;
  const uint32_t key_end = std::min(field.end, last + program_.phrase_tokens_max);
  return finder->Any({.begin = first, .end = key_end}, meets);
}

}  // namespace tocsin::rules
