// Phrases by key, exactly.
//
//   KeyTable table;
//   table.Build(std::move(keys));
//   const uint64_t hash = KeyTable::HashOf(WordKey::Kind::kWhole, token);
//   table.PrefetchEntry(hash);              // of several tokens, then of them all
//   const KeyTable::Entry* const entry = table.Find(WordKey::Kind::kWhole, token, hash);
//   if (entry != nullptr) table.ForEachWhole(*entry, [&](const PhraseUse& use) { ... });
//
// Shape     beginnings and endings are found by their first or last kAffixBytes, then compared.
// Cost      of a token that is a key two reads of distant memory: its entry and its phrases; its text,
//           too, if that is longer than sixteen bytes.
// Memory    90 to 150 bytes a key: 32 in each of two to four places, and its phrase.
// Threads   immutable once built: share freely.
// Lifetime  a token must have kTokenSlack readable bytes before it and behind it.
#ifndef TOCSIN_RULES_COMPILE_KEY_TABLE_H_
#define TOCSIN_RULES_COMPILE_KEY_TABLE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/load.h"
#include "rules/compile/phrase_glance.h"
#include "rules/compile/word_key.h"
#include "rules/text/fold.h"

namespace tocsin::rules {

struct PhraseUse {
  uint32_t phrase = 0;
  bool is_sure = false;  // the key is the whole of the phrase
  PhraseGlance glance;   // else
};

class KeyTable {
 public:
  static constexpr size_t kAffixBytes = 3;

  struct Key {
    WordKey::Kind kind;
    std::string text;
    PhraseUse use;
  };

  void Build(std::vector<Key> keys);

  // Never on two cache lines, and most tokens are compared on this one alone.
  struct alignas(32) Entry {
    uint64_t head = 0;            // the first eight bytes of the whole, or all of the group
    uint64_t tail = 0;            // the last eight of one that is longer
    uint32_t bytes_and_kind = 0;  // as MeasureOf
    uint32_t text = 0;            // where in texts_
    uint32_t begin = 0;           // of wholes_ or affixes_
    uint32_t end = 0;             // 0: free
  };

  void PrefetchEntry(uint64_t hash) const { __builtin_prefetch(&entries_[PlaceOf(hash)]); }
  void PrefetchUses(WordKey::Kind kind, const Entry& entry) const {
    if (kind == WordKey::Kind::kWhole) {
      __builtin_prefetch(&wholes_[entry.begin]);
    } else {
      __builtin_prefetch(&affixes_[entry.begin]);
    }
  }

  // Of the token's keys of this kind; null if there are none.
  const Entry* Find(WordKey::Kind kind, std::string_view token, uint64_t hash) const {
    const std::string_view group = GroupOf(kind, token);
    const uint64_t head = LoadHead<uint64_t>(group);
    const uint64_t tail = TailOf(group);
    const uint64_t measure = MeasureOf(kind, group);
    for (size_t at = PlaceOf(hash); entries_[at].end != 0; at = (at + 1) & (entries_.size() - 1)) {
      const Entry& entry = entries_[at];
      if (entry.head != head || entry.tail != tail || entry.bytes_and_kind != measure) continue;
      if (group.size() <= 2 * sizeof head || TextAt(entry.text, group.size()) == group)
        return &entry;
    }
    return nullptr;
  }

  template <typename Found>
  void ForEachWhole(const Entry& entry, Found found) const {
    for (uint32_t i = entry.begin; i < entry.end; ++i) found(wholes_[i]);
  }

  template <typename Found>
  void ForEachPrefix(const Entry& entry, std::string_view token, Found found) const {
    const char* const begin = token.data();
    const auto eight = Load<uint64_t>(begin);
    for (uint32_t i = entry.begin; i < entry.end; ++i) {
      // Most differ within eight bytes: those of the token's that the beginning has, too.
      const Affix& affix = affixes_[i];
      if (((eight ^ affix.eight) << affix.unused_bits) != 0) continue;
      if (token.starts_with(TextOf(affix))) found(affix.use);
    }
  }

  template <typename Found>
  void ForEachSuffix(const Entry& entry, std::string_view token, Found found) const {
    for (uint32_t i = entry.begin; i < entry.end; ++i) {
      if (token.ends_with(TextOf(affixes_[i]))) found(affixes_[i].use);
    }
  }

  static uint64_t HashOf(WordKey::Kind kind, std::string_view token) {
    return HashOf(GroupOf(kind, token)) + static_cast<uint64_t>(kind) * kPrime2;
  }

  static uint64_t HashOf(std::string_view text) {
    const size_t bytes = text.size();
    const size_t first = std::min<size_t>(bytes, 8);
    const char* const begin = text.data();
    const uint64_t head = LoadHead<uint64_t>(text);
    const uint64_t tail = Load<uint64_t>(begin + bytes - first) & kHeadMasks[first];
    const uint64_t mixed = (head ^ bytes) * kPrime1 ^ (tail + bytes) * kPrime2 >> 7;
    return (mixed ^ mixed >> 32) * kPrime1;
  }

 private:
  static constexpr uint64_t kPrime1 = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;

  struct Affix {
    uint64_t eight;  // its first bytes
    uint32_t unused_bits;
    uint32_t bytes;
    uint32_t text;
    PhraseUse use;
  };

  // What a key is hashed by: the whole, or the first or last kAffixBytes.
  static std::string_view GroupOf(WordKey::Kind kind, std::string_view key) {
    if (kind == WordKey::Kind::kWhole) return key;
    return kind == WordKey::Kind::kPrefix ? key.substr(0, kAffixBytes)
                                          : key.substr(key.size() - kAffixBytes);
  }

  static uint64_t TailOf(std::string_view text) {
    return text.size() > 8 ? Load<uint64_t>(text.data() + text.size() - 8) : 0;
  }

  static uint64_t MeasureOf(WordKey::Kind kind, std::string_view text) {
    return uint64_t{4} * text.size() + static_cast<uint64_t>(kind);
  }

  size_t PlaceOf(uint64_t hash) const { return hash >> shift_; }

  std::string_view TextAt(uint32_t at, size_t bytes) const {
    return std::string_view(texts_).substr(at, bytes);
  }
  std::string_view TextOf(const Affix& affix) const { return TextAt(affix.text, affix.bytes); }

  // group: what all of them are hashed by.
  Entry Group(std::string_view group, const Key* first, const Key* last);
  uint32_t Keep(std::string_view text);

  std::vector<Entry> entries_ = std::vector<Entry>(2);
  uint32_t shift_ = 63;
  std::vector<PhraseUse> wholes_;
  std::vector<Affix> affixes_;
  std::string texts_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_KEY_TABLE_H_
