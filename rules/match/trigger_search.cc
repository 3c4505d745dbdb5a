#include "rules/match/trigger_search.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "rules/base/status_macros.h"
#include "rules/match/phrase_finder.h"

namespace tocsin::rules {
namespace {

// Whether a key stands near the token that begins at `begin`. The rest of its phrase, gaps, case and
// scopes are left to the evaluator: they would spare it one rule in fifteen.
bool IsMet(const Condition& condition, const KeySet& keys, std::string_view stream,
           uint32_t begin) {
  const auto is_key = [&](StreamToken token) { return keys.MayHold(Folded(stream, token)); };
  const StreamToken trigger = {.begin = begin, .end = TokenEnd(stream, begin)};
  const auto stands_within = [&](uint32_t tokens, auto next) {
    auto token = next(stream, trigger);
    for (; tokens > 0 && token; --tokens, token = next(stream, *token)) {
      if (is_key(*token)) return true;
    }
    return false;
  };
  return is_key(trigger) || stands_within(condition.before, TokenBefore) ||
         stands_within(condition.behind, TokenBehind);
}

}  // namespace

void TriggerSearch::Find(std::string_view stream) {
  for (const uint32_t rule : rules_) is_triggered_[rule] = 0;
  rules_.clear();
  keyless_hits_.clear();
  keyed_.clear();
  FindKeyed(stream);
  for (const StreamHit& hit : keyed_) TriggerRules(stream, hit);
}

// First only which tokens may be keys, in loops without branches: to guess them wrong would cost
// more than they do.
void TriggerSearch::FindKeyed(std::string_view stream) {
  const WordIndex& words = program_.trigger_words;
  const auto folded = [&](StreamToken token) { return Folded(stream, token); };
  filter_.Find(words.glance(), stream);
  const size_t begins = filter_.begins().size();
  if (likely_.size() < begins) likely_.resize(begins);
  if (probes_.size() < begins) probes_.resize(begins);
  size_t likely = 0;
  for (const uint32_t begin : filter_.begins()) {
    likely_[likely] = {.begin = begin, .end = TokenEnd(stream, begin)};
    probes_[likely].token = folded(likely_[likely]);
    likely += static_cast<size_t>(words.BeginsLikely(&probes_[likely]));
  }
  words.LookUp(std::span(probes_).first(likely));
  const auto add = [&](KeySurroundings* around, const PhraseUse& use) {
    if (use.is_sure) return keyed_.push_back({.begin = around->key().begin, .phrase = use.phrase});
    if (!around->MayStand(use.glance)) return;
    const auto first = FindAround(program_.phrases[use.phrase], stream, around->key());
    if (first) keyed_.push_back({.begin = *first, .phrase = use.phrase});
  };
  for (size_t i = 0; i < likely; ++i) {
    KeySurroundings around(stream, likely_[i]);
    words.ForEachBeginning(probes_[i], [&](const PhraseUse& use) { add(&around, use); });
  }
  for (const uint32_t end : filter_.ends()) {
    const StreamToken key = {.begin = TokenBegin(stream, end), .end = end};
    KeySurroundings around(stream, key);
    words.ForEachEnding(folded(key), [&](const PhraseUse& use) { add(&around, use); });
  }
}

void TriggerSearch::TakeHits(const ArticleTokens& article) {
  hits_.assign(keyless_hits_.begin(), keyless_hits_.end());
  for (const StreamHit& hit : keyed_) {
    hits_.push_back({.first = article.TokenAt(hit.begin), .phrase = hit.phrase});
  }
  std::sort(hits_.begin(), hits_.end());
}

void TriggerSearch::TriggerRules(std::string_view stream, StreamHit hit) {
  for (const uint32_t id : program_.phrase_triggers[hit.phrase]) {
    const Trigger& trigger = program_.triggers[id];
    if (!TriggersMore(trigger)) continue;
    const bool is_met = std::all_of(
        trigger.conditions.begin(), trigger.conditions.end(), [&](const Condition& condition) {
          return IsMet(condition, program_.key_sets[condition.keys], stream, hit.begin);
        });
    if (!is_met) continue;
    for (const uint32_t rule : trigger.rules) AddRule(rule);
  }
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
        // No more than the space before a token stands at the ends of fields, too.
        if (inside == article.stream.size() || article.stream[inside] == kFieldBreak) return;
        const uint32_t token = article.TokenAt(inside);
        for (const uint32_t phrase : keyless.phrases[id]) {
          if (const auto first = ConfirmPhrase(program_.phrases[phrase], article, token)) {
            keyless_hits_.push_back({.first = *first, .phrase = phrase});
          }
        }
      }));
  std::sort(keyless_hits_.begin(), keyless_hits_.end());
  keyless_hits_.erase(std::unique(keyless_hits_.begin(), keyless_hits_.end()), keyless_hits_.end());
  for (const PhraseHit& hit : keyless_hits_) {
    const uint32_t begin = article.bounds[size_t{2} * hit.first];
    TriggerRules(article.stream, {.begin = begin, .phrase = hit.phrase});
  }
  return absl::OkStatus();
}

bool TriggerSearch::TriggersMore(const Trigger& trigger) const {
  return std::any_of(trigger.rules.begin(), trigger.rules.end(),
                     [this](uint32_t rule) { return is_triggered_[rule] == 0; });
}

}  // namespace tocsin::rules
