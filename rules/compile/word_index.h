// Which phrases a token of the text may be part of: each phrase is keyed by one of its tokens.
//
//   WordIndex index;
//   if (const auto key = KeyOf(phrase, uses)) index.Add(*key, phrase_id);
//   index.Build();
//   if (index.IsLikely(token)) index.ForEach(token, [&](uint32_t phrase_id, bool is_sure) { ... });
//
// Shape     a key is a whole token, its first bytes (`ukrain*`, `wom?n`) or its last (`*fire`). The
//           caller confirms the phrase if it is more than its key; ForEach confirms the key.
// Cost      the glance (token_filter.h) and IsLikely a few instructions, whatever the number of
//           phrases: 10,000 names cost what 100 do. ForEach a probe or three.
// Memory    about 60 bytes a phrase.
// Threads   immutable once built: share freely.
// Lifetime  a token must have kTokenSlack readable bytes before it and behind it.
// Why       Hyperscan scans 1,000 such literals at 0.56 GB/s and 10,000 at 0.16; a look-up a token
//           takes no longer for many than for few (bench/README.md).
#ifndef TOCSIN_RULES_COMPILE_WORD_INDEX_H_
#define TOCSIN_RULES_COMPILE_WORD_INDEX_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/query/ast.h"
#include "rules/text/fold.h"

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

class WordIndex {
 public:
  // is_sure: the key is the whole of the phrase.
  void Add(const WordKey& key, uint32_t phrase, bool is_sure);
  void Build();

  static constexpr uint32_t kGlancePrime = 0x9E3779B1;

  template <typename Word>
  static Word Load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }

  // A set of beginnings or endings of tokens that may hold more than was put into it: a place for
  // four bytes, and in it a bit for the fifth, by which letters of ASCII are told apart.
  struct Table {
    std::vector<uint32_t> places = std::vector<uint32_t>(2);
    uint32_t shift = 31;

    void Resize(size_t keys);
    void Put(uint32_t four, uint32_t fifths) { places[At(four, shift)] |= fifths; }
    bool Has(uint32_t four, char fifth) const {
      return (places[At(four, shift)] & FifthOf(fifth)) != 0;
    }

    static uint32_t At(uint32_t four, uint32_t shift) { return four * kGlancePrime >> shift; }
    static uint32_t FifthOf(char byte) { return uint32_t{1} << (byte & 31); }
    static constexpr uint32_t kAnyFifth = ~uint32_t{0};
  };

  // What a first glance at a token sees: the five bytes from its first on, of tokens of fewer than
  // four the four that end in the space behind; and four near its end if there are keys that are
  // endings.
  struct Glance {
    Table heads;
    Table tails;
    std::array<bool, 4> has_heads_of{};  // keys of one, two and three bytes
    bool has_tails = false;
    uint32_t tail_offset = 8;  // before the token's end; no key that is an ending is shorter
    uint32_t tail_shift = 0;   // unless by the one byte that is shifted away

    bool MayEnd(const char* end) const {
      return tails.Has(Load<uint32_t>(end - tail_offset) >> tail_shift, '\0');
    }
  };

  // False of a token that begins with no key, and ends with none.
  const Glance& glance() const { return glance_; }

  // The same by the whole token: one in 1,000 that is no key passes.
  bool IsLikely(std::string_view token) const {
    return BeginsLikely(token) || glance_.MayEnd(token.data() + token.size());
  }

  // Of keys that are no endings.
  bool BeginsLikely(std::string_view token) const {
    return static_cast<int>(wholes_.Has(HashOf(token))) | static_cast<int>(MayHavePrefix(token));
  }

  template <typename Found>
  void ForEach(std::string_view token, Found found) const {
    ForEachBeginning(token, found);
    ForEachEnding(token, found);
  }

  // Of keys that are no endings.
  template <typename Found>
  void ForEachBeginning(std::string_view token, Found found) const {
    if (const Entry* const entry = FindEntry(WordKey::Kind::kWhole, token)) {
      for (const uint32_t use : entry->uses) found(use >> 1, (use & 1) != 0);
    }
    if (token.size() < kAffixBytes || !MayHavePrefix(token)) return;
    const Entry* const entry = FindEntry(WordKey::Kind::kPrefix, token.substr(0, kAffixBytes));
    const char* const begin = token.data();
    const auto eight = Load<uint64_t>(begin);
    for (size_t i = 0; entry != nullptr && i < entry->uses.size(); ++i) {
      // Most differ within eight bytes: those of the token's that the beginning has, too.
      const std::string& affix = entry->affixes[i];
      if (((eight ^ entry->eights[i]) << entry->unused_bits[i]) != 0) continue;
      if (token.starts_with(affix)) found(entry->uses[i] >> 1, (entry->uses[i] & 1) != 0);
    }
  }

  template <typename Found>
  void ForEachEnding(std::string_view token, Found found) const {
    if (token.size() < kAffixBytes || !glance_.MayEnd(token.data() + token.size())) return;
    const Entry* const entry =
        FindEntry(WordKey::Kind::kSuffix, token.substr(token.size() - kAffixBytes));
    for (size_t i = 0; entry != nullptr && i < entry->uses.size(); ++i) {
      if (token.ends_with(entry->affixes[i])) found(entry->uses[i] >> 1, (entry->uses[i] & 1) != 0);
    }
  }

 private:
  static constexpr uint64_t kPrime1 = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;

  static constexpr size_t kAffixBytes =
      3;  // beginnings and endings are told apart by so many first

  // Two bits each.
  struct Filter {
    std::vector<uint64_t> bits = {0};

    void Resize(size_t keys);
    void Put(uint64_t hash) {
      for (const size_t at : {At(hash), At(hash << 32)}) bits[at / 64] |= uint64_t{1} << at % 64;
    }
    bool Has(uint64_t hash) const {
      const size_t one = At(hash);
      const size_t two = At(hash << 32);
      return (bits[one / 64] >> one % 64 & bits[two / 64] >> two % 64 & 1) != 0;
    }
    size_t At(uint64_t hash) const { return (hash >> 32) * (bits.size() * 64) >> 32; }
  };

  struct Entry {
    WordKey::Kind kind;
    std::string text;                  // the whole, or the first or last kAffixBytes
    std::vector<uint32_t> uses;        // twice the phrase, plus one if the key is the whole of it
    std::vector<std::string> affixes;  // a beginning or ending for each use
    std::vector<uint64_t> eights;      // the first bytes of each beginning
    std::vector<uint8_t> unused_bits;  // of its eights
  };
  struct Slot {
    uint64_t hash = 0;
    uint32_t entry = 0;  // plus one; 0: free
  };

  static uint32_t HeadOf(std::string_view token) {
    static constexpr std::array<uint32_t, 5> kMasks = {0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF};
    const char* const begin = token.data();
    return Load<uint32_t>(begin) & kMasks[std::min<size_t>(token.size(), 4)];
  }

  bool MayHavePrefix(std::string_view token) const {
    return prefixes_.Has(HeadOf(token), token.data()[4]);
  }

  static uint64_t HashOf(std::string_view text) {
    static constexpr std::array<uint64_t, 9> kMasks = {
        0,           0xFF,         0xFFFF,         0xFFFFFF,
        0xFFFFFFFF,  0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF,
        ~uint64_t{0}};
    const size_t bytes = text.size();
    const size_t first = std::min<size_t>(bytes, 8);
    const char* const begin = text.data();
    const uint64_t head = Load<uint64_t>(begin) & kMasks[first];
    const uint64_t tail = Load<uint64_t>(begin + bytes - first) & kMasks[first];
    const uint64_t mixed = (head ^ bytes) * kPrime1 ^ (tail + bytes) * kPrime2 >> 7;
    return (mixed ^ mixed >> 32) * kPrime1;
  }
  static uint64_t HashOf(WordKey::Kind kind, std::string_view text) {
    return HashOf(text) + static_cast<uint64_t>(kind) * kPrime2;
  }

  const Entry* FindEntry(WordKey::Kind kind, std::string_view text) const {
    const uint64_t hash = HashOf(kind, text);
    for (size_t at = hash & (slots_.size() - 1); slots_[at].entry != 0;
         at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash != hash) continue;
      const Entry& entry = entries_[slots_[at].entry - 1];
      if (entry.kind == kind && entry.text == text) return &entry;
    }
    return nullptr;
  }

  void PutIntoFilters(const Entry& entry);
  void PutWhole(std::string_view key);
  void PutPrefix(std::string_view key);
  uint32_t* FindSlot(WordKey::Kind kind, std::string_view text, uint64_t hash);
  void Grow();

  std::vector<Entry> entries_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);
  Glance glance_;
  Table prefixes_;  // first bytes of the beginnings
  Filter wholes_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_WORD_INDEX_H_
