#include "rules/compile/word_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>

#include "rules/compile/padded.h"

namespace tocsin::rules {

void WordIndex::Table::Resize(size_t keys) {
  constexpr size_t kPlacesAKey = 16;
  constexpr size_t kPlacesMin = 1 << 12;
  constexpr size_t kPlacesMax = 1 << 17;  // more would not stay in the second-level cache
  const size_t count = std::clamp(std::bit_ceil(kPlacesAKey * keys), kPlacesMin, kPlacesMax);
  places.assign(count, 0);
  shift = 32 - static_cast<uint32_t>(std::countr_zero(count));
}

void WordIndex::Add(const WordKey& key, const PhraseUse& use) {
  added_.push_back({.kind = key.kind, .text = key.text, .use = use});
}

void WordIndex::Build() {
  constexpr size_t kTailOffsetMin = 4;
  constexpr size_t kTailOffsetMax = 8;
  std::array<size_t, 3> counts{};  // by kind
  size_t shortest = kTailOffsetMax;
  for (const KeyTable::Key& key : added_) {
    ++counts[static_cast<size_t>(key.kind)];
    if (key.kind == WordKey::Kind::kSuffix) shortest = std::min(shortest, key.text.size());
  }
  const auto [wholes, prefixes, suffixes] = counts;
  glance_.has_tails = suffixes > 0;
  // Of endings of eight bytes the fifth from the end on: `*sanktion` is not to pass every nation.
  glance_.tail_offset = static_cast<uint32_t>(std::max(shortest, kTailOffsetMin));
  glance_.tail_shift = shortest < kTailOffsetMin ? 8 : 0;
  glance_.heads.Resize(wholes + prefixes);
  prefixes_.Resize(prefixes);
  glance_.tails.Resize(suffixes);
  wholes_.Resize(wholes, 32);
  for (const KeyTable::Key& key : added_) PutIntoFilters(key);
  keys_.Build(std::exchange(added_, {}));
}

void WordIndex::PutIntoFilters(const KeyTable::Key& key) {
  if (key.kind == WordKey::Kind::kWhole) return PutWhole(key.text);
  if (key.kind == WordKey::Kind::kPrefix) return PutPrefix(key.text);
  const Padded padded(key.text);
  const char* const end = padded.text().data() + key.text.size();
  glance_.tails.Put(Load<uint32_t>(end - glance_.tail_offset) >> glance_.tail_shift,
                    Table::kAnyFifth);
}

// Behind a token comes a space.
void WordIndex::PutWhole(std::string_view key) {
  const Padded padded(std::string(key) + ' ');
  const char* const begin = padded.text().data();
  wholes_.Put(KeyTable::HashOf(WordKey::Kind::kWhole, padded.text().substr(0, key.size())));
  if (key.size() >= 4) return glance_.heads.Put(Load<uint32_t>(begin), Table::FifthOf(begin[4]));
  glance_.has_heads_of[key.size()] = true;
  std::string head = std::string(3 - key.size(), ' ') + std::string(key) + ' ';
  // Before the space before a token of one byte any byte may stand.
  for (int before = 0; before < (key.size() == 1 ? 256 : 1); ++before) {
    if (key.size() == 1) head[0] = static_cast<char>(before);
    glance_.heads.Put(Load<uint32_t>(head.data()), Table::kAnyFifth);
  }
}

// Behind it anything may follow.
void WordIndex::PutPrefix(std::string_view key) {
  const Padded padded(key);
  const std::string_view text = padded.text();
  const uint8_t fifths = key.size() < 5 ? Table::kAnyFifth : Table::FifthOf(text[4]);
  const uint32_t head = HeadOf(text);
  for (uint32_t fourth = 0; fourth < (key.size() < 4 ? 256 : 1); ++fourth) {
    glance_.heads.Put(head | fourth << 24, fifths);
    prefixes_.Put(head | fourth << 24, fifths);
  }
  glance_.has_heads_of[3] |= key.size() == KeyTable::kAffixBytes;
}

void WordIndex::LookUp(std::span<Probe> probes) const {
  using Kind = WordKey::Kind;
  for (Probe& probe : probes) {
    keys_.PrefetchEntry(probe.whole_hash);
    probe.may_begin = MayBegin(probe.token);
    probe.prefix = nullptr;
    if (!probe.may_begin) continue;
    probe.prefix_hash = KeyTable::HashOf(Kind::kPrefix, probe.token);
    keys_.PrefetchEntry(probe.prefix_hash);
  }
  for (Probe& probe : probes) {
    probe.whole = keys_.Find(Kind::kWhole, probe.token, probe.whole_hash);
    if (probe.whole != nullptr) keys_.PrefetchUses(Kind::kWhole, *probe.whole);
    if (!probe.may_begin) continue;
    probe.prefix = keys_.Find(Kind::kPrefix, probe.token, probe.prefix_hash);
    if (probe.prefix != nullptr) keys_.PrefetchUses(Kind::kPrefix, *probe.prefix);
  }
}

}  // namespace tocsin::rules
