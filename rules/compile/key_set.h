// Keys of phrases of which one must stand beside a trigger: small enough to stay in the cache where
// the index of all phrases does not.
//
//   KeySet set;
//   set.Add(key);                              // Kind::kWhole "talks", Kind::kPrefix "negotiat"
//   set.Build();
//   if (set.MayHold(token)) ...
//
// Shape     may hold more than was added: a token with the hash of a key, and of beginnings and
//           endings those that share the bytes that all of their kind have.
// Cost      MayHold a hash and a probe, for beginnings and endings one more each.
// Memory    8 to 16 bytes a key.
// Threads   immutable once built: share freely.
// Lifetime  a token must have kTokenSlack readable bytes before it and behind it.
#ifndef TOCSIN_RULES_COMPILE_KEY_SET_H_
#define TOCSIN_RULES_COMPILE_KEY_SET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

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
    return holds_anything_ || (BytesOf(Kind::kWhole) > 0 && Has(Kind::kWhole, token)) ||
           MayHoldAffix(Kind::kPrefix, token) || MayHoldAffix(Kind::kSuffix, token);
  }

 private:
  bool MayHoldAffix(WordKey::Kind kind, std::string_view token) const {
    return BytesOf(kind) > 0 && token.size() >= BytesOf(kind) && Has(kind, Group(kind, token));
  }

  std::string_view Group(WordKey::Kind kind, std::string_view text) const {
    switch (kind) {
      case WordKey::Kind::kPrefix:
        return text.substr(0, BytesOf(kind));
      case WordKey::Kind::kSuffix:
        return text.substr(text.size() - BytesOf(kind));
      default:
        return text;
    }
  }

  bool Has(WordKey::Kind kind, std::string_view group) const {
    const uint64_t hash = HashOf(kind, group);
    for (size_t at = hash & mask_; slots_[at] != 0; at = (at + 1) & mask_) {
      if (slots_[at] == TagOf(hash)) return true;
    }
    return false;
  }

  static uint64_t HashOf(WordKey::Kind kind, std::string_view group) {
    return KeyTable::HashOf(group) ^ static_cast<uint64_t>(kind) << 40;
  }
  static uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32) | 1; }

  size_t BytesOf(WordKey::Kind kind) const { return bytes_[static_cast<size_t>(kind)]; }

  std::vector<WordKey> added_;     // until they are built
  std::array<size_t, 3> bytes_{};  // of the shortest key, by kind; 0: there is none
  std::vector<uint32_t> slots_;    // 0: free
  size_t mask_ = 0;
  bool holds_anything_ = false;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_KEY_SET_H_
