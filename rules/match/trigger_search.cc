#include "rules/match/trigger_search.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "rules/base/status_macros.h"
#include "rules/match/token_filter.h"

namespace tocsin::rules {

absl::Status TriggerSearch::Find(const ArticleTokens& article, hs_scratch_t* scratch,
                                 PhraseFinder* finder) {
  for (const uint32_t rule : rules_) is_triggered_[rule] = 0;
  rules_.clear();
  hits_.clear();
  keyless_hits_.clear();
  FindKeyed(article);
  if (program_.keyless.database != nullptr) RETURN_IF_ERROR(FindKeyless(article, scratch));
  finder->Reset(article);
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

// First only which tokens may be keys, in loops without branches: to guess them wrong would cost
// more than they do.
void TriggerSearch::FindKeyed(const ArticleTokens& article) {
  const WordIndex& words = program_.trigger_words;
  if (candidates_.size() < article.size() + kCandidateSlack) {
    candidates_.resize(2 * (article.size() + kCandidateSlack));
  }
  uint32_t* const candidates = candidates_.data();
  const char* const stream = article.stream.data();
  const size_t may_hold =
      FindCandidates(words.glance(), stream, article.bounds.data(), article.size(), candidates);
  size_t likely = 0;
  for (size_t i = 0; i < may_hold; ++i) {
    const uint32_t token = candidates[i];
    candidates[likely] = token;
    likely += static_cast<size_t>(words.IsLikely(article.Folded(token)));
  }
  for (size_t i = 0; i < likely; ++i) {
    const uint32_t token = candidates[i];
    words.ForEach(article.Folded(token), [&](uint32_t phrase, bool is_sure) {
      if (is_sure) {
        hits_.push_back({.first = token, .phrase = phrase});
      } else if (const auto first = ConfirmPhrase(program_.phrases[phrase], article, token)) {
        hits_.push_back({.first = *first, .phrase = phrase});
      }
    });
  }
}

absl::Status TriggerSearch::FindKeyless(const ArticleTokens& article, hs_scratch_t* scratch) {
  const PhraseDatabase& keyless = program_.keyless;
  RETURN_IF_ERROR(
      Scan(keyless.database.get(), article.stream, scratch, [&](unsigned id, size_t end) {
        const size_t literal = end - keyless.literal_bytes[id];
        const size_t inside = article.stream[literal] == ' ' ? literal + 1 : literal;
        // Bounds ascend: those with even numbers are beginnings.
        const auto bound = std::upper_bound(article.bounds.begin(), article.bounds.end(), inside);
        const auto token = static_cast<uint32_t>(bound - article.bounds.begin() - 1) / 2;
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
