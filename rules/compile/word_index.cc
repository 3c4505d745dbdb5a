#include "rules/compile/word_index.h"

#include <algorithm>
#include <bit>

#include "rules/compile/word_share.h"

namespace tocsin::rules {
namespace {

constexpr size_t kKeyBytesMin = 3;

// A key where it may be read beyond its ends.
class Padded {
 public:
  explicit Padded(std::string_view key)
      : bytes_(std::string(kTokenSlack, '\0') + std::string(key) + std::string(kTokenSlack, '\0')) {
  }
  std::string_view text() const {
    return std::string_view(bytes_).substr(kTokenSlack, bytes_.size() - 2 * kTokenSlack);
  }

 private:
  std::string bytes_;
};

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
  std::optional<WordKey> best;
  double best_share = 0;
  for (uint32_t i = 0; i < phrase.tokens.size(); ++i) {
    std::optional<WordKey> key = KeyOfToken(phrase.tokens[i], i);
    // An end is looked for in other bytes of every token than the rest: the last resort.
    const double last_resort = key && key->kind == WordKey::Kind::kSuffix ? 1 : 0;
    const auto used = uses.find(phrase.tokens[i]);
    const double shared = used == uses.end() ? 1 : std::max(1.0, used->second / kUsesOfOne);
    const double share = TokenShare(phrase.tokens[i]) * shared + last_resort;
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

void WordIndex::Table::Resize(size_t keys) {
  constexpr size_t kPlacesAKey = 4;
  constexpr size_t kPlacesMin = 1 << 11;
  constexpr size_t kPlacesMax = 1 << 16;  // more would not stay in the second-level cache
  const size_t count = std::clamp(std::bit_ceil(kPlacesAKey * keys), kPlacesMin, kPlacesMax);
  places.assign(count, 0);
  shift = 32 - static_cast<uint32_t>(std::countr_zero(count));
}

void WordIndex::Filter::Resize(size_t keys) {
  constexpr size_t kBitsAKey = 32;
  constexpr size_t kBitsMin = 1 << 15;
  bits.assign(std::max(kBitsMin, std::bit_ceil(kBitsAKey * keys)) / 64, 0);
}

void WordIndex::Add(const WordKey& key, uint32_t phrase, bool is_sure) {
  if (2 * (entries_.size() + 1) > slots_.size()) Grow();
  const std::string_view affix = key.text;
  const bool is_whole = key.kind == WordKey::Kind::kWhole;
  const Padded padded(is_whole ? affix
                      : key.kind == WordKey::Kind::kPrefix
                          ? affix.substr(0, kAffixBytes)
                          : affix.substr(affix.size() - kAffixBytes));
  const std::string_view text = padded.text();
  const uint64_t hash = HashOf(key.kind, text);
  uint32_t* const entry = FindSlot(key.kind, text, hash);
  if (*entry == 0) {
    entries_.push_back({.kind = key.kind, .text = std::string(text)});
    *entry = static_cast<uint32_t>(entries_.size());
  }
  entries_[*entry - 1].uses.push_back(2 * phrase + static_cast<uint32_t>(is_sure));
  if (is_whole) return;
  entries_[*entry - 1].affixes.push_back(key.text);
  if (key.kind != WordKey::Kind::kPrefix) return;
  const Padded beginning(affix);
  const char* const begin = beginning.text().data();
  entries_[*entry - 1].eights.push_back(Load<uint64_t>(begin));
  entries_[*entry - 1].unused_bits.push_back(
      static_cast<uint8_t>(64 - 8 * std::min<size_t>(affix.size(), 8)));
}

// Where the key is, or is to be: its slot then has its hash.
uint32_t* WordIndex::FindSlot(WordKey::Kind kind, std::string_view text, uint64_t hash) {
  size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].entry != 0; at = (at + 1) & (slots_.size() - 1)) {
    const Entry& entry = entries_[slots_[at].entry - 1];
    if (slots_[at].hash == hash && entry.kind == kind && entry.text == text) break;
  }
  slots_[at].hash = hash;
  return &slots_[at].entry;
}

void WordIndex::Grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.entry == 0) continue;
    size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].entry != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

void WordIndex::Build() {
  constexpr size_t kTailOffsetMin = 4;
  constexpr size_t kTailOffsetMax = 8;
  size_t prefixes = 0;
  size_t suffixes = 0;
  size_t shortest = kTailOffsetMax;
  for (const Entry& entry : entries_) {
    if (entry.kind == WordKey::Kind::kPrefix) prefixes += entry.uses.size();
    if (entry.kind != WordKey::Kind::kSuffix) continue;
    suffixes += entry.uses.size();
    for (const std::string& affix : entry.affixes) shortest = std::min(shortest, affix.size());
  }
  glance_.has_tails = suffixes > 0;
  // Of endings of eight bytes the fifth from the end on: `*sanktion` is not to pass every nation.
  glance_.tail_offset = static_cast<uint32_t>(std::max(shortest, kTailOffsetMin));
  glance_.tail_shift = shortest < kTailOffsetMin ? 8 : 0;
  glance_.heads.Resize(entries_.size() + prefixes);
  prefixes_.Resize(prefixes);
  glance_.tails.Resize(suffixes);
  wholes_.Resize(entries_.size());
  for (const Entry& entry : entries_) PutIntoFilters(entry);
}

void WordIndex::PutIntoFilters(const Entry& entry) {
  if (entry.kind == WordKey::Kind::kWhole) return PutWhole(entry.text);
  for (const std::string& affix : entry.affixes) {
    if (entry.kind == WordKey::Kind::kPrefix) {
      PutPrefix(affix);
    } else {
      const Padded padded(affix);
      const char* const end = padded.text().data() + affix.size();
      glance_.tails.Put(Load<uint32_t>(end - glance_.tail_offset) >> glance_.tail_shift,
                        Table::kAnyFifth);
    }
  }
}

// Behind a token comes a space.
void WordIndex::PutWhole(std::string_view key) {
  const Padded padded(std::string(key) + ' ');
  const char* const begin = padded.text().data();
  wholes_.Put(HashOf(padded.text().substr(0, key.size())));
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
  const uint32_t fifths = key.size() < 5 ? Table::kAnyFifth : Table::FifthOf(text[4]);
  const uint32_t head = HeadOf(text);
  for (uint32_t fourth = 0; fourth < (key.size() < 4 ? 256 : 1); ++fourth) {
    glance_.heads.Put(head | fourth << 24, fifths);
    prefixes_.Put(head | fourth << 24, fifths);
  }
  glance_.has_heads_of[3] |= key.size() == kAffixBytes;
}

}  // namespace tocsin::rules
