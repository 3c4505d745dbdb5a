// Which phrases a token of the text may be part of: each phrase is keyed by one of its tokens.
//
//   WordIndex index;
//   if (const auto key = KeyOf(phrase, uses)) index.Add(*key, {.phrase = id, ...});
//   index.Build();
//   WordIndex::Probe probe{.token = token};
//   if (index.IsLikely(&probe)) probes.push_back(probe);
//   index.LookUp(probes);
//   for (const WordIndex::Probe& probe : probes) index.ForEach(probe, [&](const PhraseUse& use) {...});
//
// Shape     filters before a KeyTable. The caller confirms the phrase if it is more than its key;
//           ForEach confirms the key.
// Cost      the glance (token_filter.h) and IsLikely a few instructions, whatever the number of
//           phrases: 10,000 names cost what 100 do. LookUp a probe or two of distant memory, of a token
//           that may end in a key ForEach one more.
// Memory    100 to 160 bytes a key.
// Threads   immutable once built: share freely.
// Lifetime  a token must have kTokenSlack readable bytes before it and behind it.
// Why       Hyperscan scans 1,000 such literals at 0.56 GB/s and 10,000 at 0.16; a look-up a token
//           takes no longer for many than for few (bench/README.md).
#ifndef TOCSIN_RULES_COMPILE_WORD_INDEX_H_
#define TOCSIN_RULES_COMPILE_WORD_INDEX_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/base/load.h"
#include "rules/compile/byte_sets.h"
#include "rules/compile/hash_filter.h"
#include "rules/compile/key_table.h"
#include "rules/compile/word_key.h"

namespace tocsin::rules {

class WordIndex {
 public:
  void Add(const WordKey& key, const PhraseUse& use);
  void Build();

  static constexpr uint32_t kGlancePrime = 0x9E3779B1;

  // A set of beginnings or endings of tokens that may hold more than was put into it: a place for
  // four bytes, and in it a bit for the fifth, by which letters of ASCII are told apart in eights.
  struct Table {
    std::vector<uint8_t> places = std::vector<uint8_t>(2);
    uint32_t shift = 31;

    void Resize(size_t keys);
    void Put(uint32_t four, uint8_t fifths) { places[At(four, shift)] |= fifths; }
    void Put(const ByteSets::Pattern& five);  // of which one of the first four may be any
    bool Has(uint32_t four, char fifth) const {
      return (places[At(four, shift)] & FifthOf(fifth)) != 0;
    }

    static uint32_t At(uint32_t four, uint32_t shift) { return four * kGlancePrime >> shift; }
    static uint8_t FifthOf(char byte) { return static_cast<uint8_t>(1 << (byte & 7)); }
    static constexpr uint8_t kAnyFifth = 0xFF;
  };

  // What a first glance at a token sees: the five bytes from its first on, of tokens of fewer than
  // four the four that end in the space behind; and four near its end if there are keys that are
  // endings.
  struct Glance {
    Table heads;
    Table tails;
    ByteSets head_sets;                  // the same five bytes, for vectors
    ByteSets tail_sets;                  // the same four and the next, for vectors
    std::array<bool, 4> has_heads_of{};  // keys of one, two and three bytes
    bool has_tails = false;
    uint32_t tail_offset = 8;  // before the token's end; no key that is an ending is shorter
    uint32_t tail_shift = 0;   // unless by the one byte that is shifted away

    bool MayEnd(const char* end) const {
      return tails.Has(Load<uint32_t>(end - tail_offset) >> tail_shift, '\0');
    }
  };

  // What a TokenFilter looks at.
  const Glance& glance() const { return glance_; }

  // What is known of a token before its phrases are asked for.
  struct Probe {
    std::string_view token;
    uint64_t whole_hash = 0;
    uint64_t prefix_hash = 0;
    bool may_begin = false;
    const KeyTable::Entry* whole = nullptr;
    const KeyTable::Entry* prefix = nullptr;
  };

  // False of a token that no key is found by, by the whole of it. Of a probe that knows no more than
  // its token.
  bool IsLikely(Probe* probe) const {
    return static_cast<int>(BeginsLikely(probe)) |
           static_cast<int>(glance_.MayEnd(probe->token.data() + probe->token.size()));
  }

  // The same of keys that are no endings.
  bool BeginsLikely(Probe* probe) const {
    probe->whole_hash = KeyTable::HashOf(WordKey::Kind::kWhole, probe->token);
    return static_cast<int>(wholes_.Has(probe->whole_hash)) |
           static_cast<int>(MayHavePrefix(probe->token));
  }

  // Of likely ones. A step for all before the next for any: what each would wait for from distant
  // memory arrives meanwhile.
  void LookUp(std::span<Probe> probes) const;

  template <typename Found>
  void ForEach(const Probe& probe, Found found) const {
    ForEachBeginning(probe, found);
    ForEachEnding(probe.token, found);
  }

  // Of keys that are no endings.
  template <typename Found>
  void ForEachBeginning(const Probe& probe, Found found) const {
    if (probe.whole != nullptr) keys_.ForEachWhole(*probe.whole, found);
    if (probe.prefix != nullptr) keys_.ForEachPrefix(*probe.prefix, probe.token, found);
  }

  // Of a token that need not have been looked up.
  template <typename Found>
  void ForEachEnding(std::string_view token, Found found) const {
    if (!MayEnd(token)) return;
    constexpr auto kSuffix = WordKey::Kind::kSuffix;
    const auto* const entry = keys_.Find(kSuffix, token, KeyTable::HashOf(kSuffix, token));
    if (entry != nullptr) keys_.ForEachSuffix(*entry, token, found);
  }

 private:
  bool MayHavePrefix(std::string_view token) const {
    return prefixes_.Has(LoadHead<uint32_t>(token), token.data()[4]);
  }

  bool MayBegin(std::string_view token) const {
    return token.size() >= KeyTable::kAffixBytes && MayHavePrefix(token);
  }
  bool MayEnd(std::string_view token) const {
    return token.size() >= KeyTable::kAffixBytes && glance_.MayEnd(token.data() + token.size());
  }

  void FillFilters();
  uint32_t TailOf(std::string_view key) const;

  std::vector<KeyTable::Key> added_;  // until they are built
  KeyTable keys_;
  Glance glance_;
  Table prefixes_;  // first bytes of the beginnings
  HashFilter<2> wholes_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_WORD_INDEX_H_
