// By which of its tokens a phrase is looked up: the rarest one.
//
//   if (const auto key = KeyOf(phrase, uses)) index.Add(*key, use);
//
// Shape     a key is a whole token, its first bytes (`ukrain*`, `wom?n`) or its last (`*fire`).
// Threads   pure.
#ifndef TOCSIN_RULES_COMPILE_WORD_KEY_H_
#define TOCSIN_RULES_COMPILE_WORD_KEY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/query/ast.h"

namespace tocsin::rules {

struct WordKey {
  enum class Kind : uint8_t { kWhole, kPrefix, kSuffix };
  Kind kind = Kind::kWhole;
  uint32_t token = 0;  // which of the phrase's
  std::string text;
};

// Whether a token with the key is all of the phrase.
bool IsWhole(const WordKey& key, const Phrase& phrase);

// By token: of how many phrases it is one.
using TokenUses = std::unordered_map<std::string_view, uint32_t>;

// The key of the phrase's rarest token; none if wildcards leave no token three bytes at an end. What
// very many phrases share (Corporation, of a list of firms) is rare neither in texts.
std::optional<WordKey> KeyOf(const Phrase& phrase, const TokenUses& uses);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_WORD_KEY_H_
