// Keys of phrases of which one must stand beside a trigger: small enough to stay in the cache where
// the index of all phrases does not.
//
//   KeySet set;
//   set.Add(key);                              // Kind::kWhole "talks", Kind::kPrefix "negotiat"
//   set.Build();
//   if (set.MayHold(token)) ...
//
// Shape     may hold more than was added: of beginnings and endings those that share the bytes that
//           all of their kind have, and by chance a token in 10,000.
// Cost      MayHold a hash and a read, for beginnings and endings one more each.
// Memory    16 to 32 bytes a key.
// Threads   immutable once built: share freely.
// Lifetime  a token must have kTokenSlack readable bytes before it and behind it.
#ifndef TOCSIN_RULES_COMPILE_KEY_SET_H_
#define TOCSIN_RULES_COMPILE_KEY_SET_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/compile/hash_filter.h"
#include "rules/compile/key_table.h"
#include "rules/compile/word_key.h"

namespace tocsin::rules {

class KeySet {
 public:
  void Add(const WordKey& key) { added_.push_back(key); }
  void AddAnything() { holds_anything_ = true; }
  void Build();

  bool MayHold(std::string_view token) const {
    using Kind = WordKey::Kind;
    return (static_cast<int>(holds_anything_) | MayHold(Kind::kWhole, token) |
            MayHold(Kind::kPrefix, token) | MayHold(Kind::kSuffix, token)) != 0;
  }

 private:
  // 1 or 0: not bool, of which one would be guessed after the other.
  int MayHold(WordKey::Kind kind, std::string_view token) const {
    if (BytesOf(kind) == 0) return 0;
    return static_cast<int>(token.size() >= BytesOf(kind)) &
           static_cast<int>(filter_.Has(HashOf(kind, Group(kind, token))));
  }

  std::string_view Group(WordKey::Kind kind, std::string_view text) const {
    if (kind == WordKey::Kind::kWhole) return text;
    const size_t bytes = std::min(text.size(), BytesOf(kind));
    return kind == WordKey::Kind::kPrefix ? text.substr(0, bytes)
                                          : text.substr(text.size() - bytes);
  }

  static uint64_t HashOf(WordKey::Kind kind, std::string_view group) {
    return KeyTable::HashOf(group) ^ static_cast<uint64_t>(kind) << 40;
  }

  size_t BytesOf(WordKey::Kind kind) const { return bytes_[static_cast<size_t>(kind)]; }

  std::vector<WordKey> added_;     // until they are built
  std::array<size_t, 3> bytes_{};  // of the shortest key, by kind; 0: there is none
  HashFilter<4> filter_;
  bool holds_anything_ = false;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_KEY_SET_H_
