#include "rules/compile/word_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/compile/padded.h"

namespace tocsin::rules {
namespace {

using Pattern = ByteSets::Pattern;

// Behind it anything may follow.
Pattern PrefixPattern(std::string_view key) {
  Pattern pattern;
  std::copy_n(key.begin(), std::min(key.size(), pattern.size()), pattern.begin());
  return pattern;
}

// Behind a token comes a space, and before it, where the four bytes reach beyond it.
Pattern WholePattern(std::string_view key) {
  const size_t before = key.size() < 4 ? 3 - key.size() : 0;
  Pattern pattern = PrefixPattern(std::string(before, ' ') + std::string(key) + ' ');
  if (before == 2) pattern[0] = std::nullopt;
  return pattern;
}

// Of the bytes from `offset` before a token's end on.
Pattern SuffixPattern(std::string_view key, size_t offset) {
  Pattern pattern;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t at = key.size() + i;
    if (at >= offset) pattern[i] = at == key.size() + offset ? ' ' : key[at - offset];
  }
  return pattern;
}

}  // namespace

void WordIndex::Table::Resize(size_t keys) {
  constexpr size_t kPlacesAKey = 16;
  constexpr size_t kPlacesMin = 1 << 12;
  constexpr size_t kPlacesMax = 1 << 17;  // more would not stay in the second-level cache
  const size_t count = std::clamp(std::bit_ceil(kPlacesAKey * keys), kPlacesMin, kPlacesMax);
  places.assign(count, 0);
  shift = 32 - static_cast<uint32_t>(std::countr_zero(count));
}

void WordIndex::Table::Put(const Pattern& five) {
  const auto any = std::find(five.begin(), five.begin() + 4, std::nullopt);
  std::string four(4, '\0');
  std::transform(five.begin(), five.begin() + 4, four.begin(),
                 [](auto byte) { return byte.value_or(0); });
  const std::optional<char> fifth = five[4];
  const uint8_t fifths = fifth ? FifthOf(*fifth) : kAnyFifth;
  if (any == five.begin() + 4) return Put(Load<uint32_t>(four.data()), fifths);
  for (int byte = 0; byte < 256; ++byte) {
    four[static_cast<size_t>(any - five.begin())] = static_cast<char>(byte);
    Put(Load<uint32_t>(four.data()), fifths);
  }
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
  FillFilters();
  keys_.Build(std::exchange(added_, {}));
}

void WordIndex::FillFilters() {
  std::vector<ByteSets::Pattern> heads;
  std::vector<ByteSets::Pattern> tails;
  for (const KeyTable::Key& key : added_) {
    if (key.kind == WordKey::Kind::kSuffix) {
      tails.push_back(SuffixPattern(key.text, glance_.tail_offset));
      glance_.tails.Put(TailOf(key.text), Table::kAnyFifth);
      continue;
    }
    const bool is_whole = key.kind == WordKey::Kind::kWhole;
    heads.push_back(is_whole ? WholePattern(key.text) : PrefixPattern(key.text));
    glance_.heads.Put(heads.back());
    if (key.text.size() < 4) glance_.has_heads_of[key.text.size()] = true;
    if (is_whole) {
      wholes_.Put(KeyTable::HashOf(key.kind, Padded(key.text).text()));
    } else {
      prefixes_.Put(heads.back());
    }
  }
  glance_.head_sets.Build(heads);
  glance_.tail_sets.Build(tails);
}

uint32_t WordIndex::TailOf(std::string_view key) const {
  const Padded padded(key);
  const std::string_view text = padded.text();
  return Load<uint32_t>(text.data() + text.size() - glance_.tail_offset) >> glance_.tail_shift;
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
