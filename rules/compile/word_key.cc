#include "rules/compile/word_key.h"

#include <algorithm>

#include "rules/compile/common_words.h"
#include "rules/compile/word_share.h"

namespace tocsin::rules {
namespace {

constexpr size_t kKeyBytesMin = 3;

std::optional<WordKey> KeyOfToken(std::string_view token, uint32_t index) {
  const size_t wildcard = token.find_first_of("*?");
  if (wildcard == std::string_view::npos) {
    return WordKey{.kind = WordKey::Kind::kWhole, .token = index, .text = std::string(token)};
  }
  if (wildcard >= kKeyBytesMin) {
    return WordKey{.kind = WordKey::Kind::kPrefix,
                   .token = index,
                   .text = std::string(token.substr(0, wildcard))};
  }
  const std::string_view end = token.substr(token.find_last_of("*?") + 1);
  if (end.size() < kKeyBytesMin) return std::nullopt;
  return WordKey{.kind = WordKey::Kind::kSuffix, .token = index, .text = std::string(end)};
}

}  // namespace

std::optional<WordKey> KeyOf(const Phrase& phrase, const TokenUses& uses) {
  // The letters alone tell enough where fewer do.
  constexpr double kUsesOfOne = 100;
  // Than its other words of as many letters: about what "economic" is to the rest of eight.
  constexpr double kMoreOfNewsWords = 6;
  std::optional<WordKey> best;
  double best_share = 0;
  for (uint32_t i = 0; i < phrase.tokens.size(); ++i) {
    std::optional<WordKey> key = KeyOfToken(phrase.tokens[i], i);
    // An end is looked for in other bytes of every token than the rest: the last resort.
    const double last_resort = key && key->kind == WordKey::Kind::kSuffix ? 1 : 0;
    const auto used = uses.find(phrase.tokens[i]);
    const double shared = used == uses.end() ? 1 : std::max(1.0, used->second / kUsesOfOne);
    const double frequent = IsNewsWord(phrase.tokens[i]) ? kMoreOfNewsWords : 1;
    const double share = TokenShare(phrase.tokens[i]) * frequent * shared + last_resort;
    if (!key || (best && share >= best_share)) continue;
    best = std::move(key);
    best_share = share;
  }
  return best;
}

bool IsWhole(const WordKey& key, const Phrase& phrase) {
  if (phrase.tokens.size() > 1) return false;
  const std::string& token = phrase.tokens[0];
  return token == (key.kind == WordKey::Kind::kWhole    ? key.text
                   : key.kind == WordKey::Kind::kPrefix ? key.text + "*"
                                                        : "*" + key.text);
}

}  // namespace tocsin::rules
