#include "rules/compile/key_table.h"

#include <bit>
#include <tuple>

#include "rules/compile/padded.h"

namespace tocsin::rules {

void KeyTable::Build(std::vector<Key> keys) {
  const auto order = [](const Key& key) {
    return std::tuple(key.kind, GroupOf(key.kind, key.text), key.use.phrase);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const Key& one, const Key& other) { return order(one) < order(other); });
  for (size_t first = 0; first < keys.size();) {
    size_t last = first + 1;
    while (last < keys.size() && keys[last].kind == keys[first].kind &&
           GroupOf(keys[last].kind, keys[last].text) ==
               GroupOf(keys[first].kind, keys[first].text)) {
      ++last;
    }
    AddGroup(&keys[first], keys.data() + last);
    first = last;
  }
  slots_.assign(std::bit_ceil(2 * entries_.size()), {});
  shift_ = 64 - static_cast<uint32_t>(std::countr_zero(slots_.size()));
  for (uint32_t entry = 1; entry < entries_.size(); ++entry) {
    const Padded group(TextOf(entries_[entry]));
    const uint64_t hash = HashOf(entries_[entry].kind, group.text());
    size_t at = SlotOf(hash);
    while (slots_[at].entry != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {.tag = static_cast<uint32_t>(hash), .entry = entry};
  }
}

void KeyTable::AddGroup(const Key* first, const Key* last) {
  const Padded group(GroupOf(first->kind, first->text));
  const bool is_whole = first->kind == WordKey::Kind::kWhole;
  Entry entry = {.head = HeadOf(group.text()),
                 .bytes = static_cast<uint32_t>(group.text().size()),
                 .text = Keep(group.text()),
                 .begin = static_cast<uint32_t>(is_whole ? wholes_.size() : affixes_.size()),
                 .kind = first->kind};
  for (const Key* key = first; key != last; ++key) {
    if (is_whole) {
      wholes_.push_back(key->use);
      continue;
    }
    const Padded affix(key->text);
    const size_t compared = std::min<size_t>(key->text.size(), sizeof(Affix::eight));
    affixes_.push_back({.eight = HeadOf(affix.text()),
                        .unused_bits = static_cast<uint32_t>(64 - 8 * compared),
                        .bytes = static_cast<uint32_t>(key->text.size()),
                        .text = Keep(key->text),
                        .use = key->use});
  }
  entry.end = static_cast<uint32_t>(is_whole ? wholes_.size() : affixes_.size());
  entries_.push_back(entry);
}

uint32_t KeyTable::Keep(std::string_view text) {
  const auto at = static_cast<uint32_t>(texts_.size());
  texts_ += text;
  return at;
}

}  // namespace tocsin::rules
