#include "rules/compile/key_table.h"

#include <bit>
#include <tuple>
#include <utility>

#include "rules/compile/padded.h"

namespace tocsin::rules {

void KeyTable::Build(std::vector<Key> keys) {
  const auto order = [](const Key& key) {
    return std::tuple(key.kind, GroupOf(key.kind, key.text), key.use.phrase);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const Key& one, const Key& other) { return order(one) < order(other); });
  std::vector<std::pair<uint64_t, Entry>> groups;  // and their hashes
  for (size_t first = 0; first < keys.size();) {
    size_t last = first + 1;
    while (last < keys.size() && keys[last].kind == keys[first].kind &&
           GroupOf(keys[last].kind, keys[last].text) ==
               GroupOf(keys[first].kind, keys[first].text)) {
      ++last;
    }
    const Padded group(GroupOf(keys[first].kind, keys[first].text));
    groups.emplace_back(HashOf(keys[first].kind, group.text()),
                        Group(group.text(), &keys[first], keys.data() + last));
    first = last;
  }
  entries_.assign(std::bit_ceil(2 * (groups.size() + 1)), {});
  shift_ = 64 - static_cast<uint32_t>(std::countr_zero(entries_.size()));
  for (const auto& [hash, entry] : groups) {
    size_t at = PlaceOf(hash);
    while (entries_[at].end != 0) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = entry;
  }
}

KeyTable::Entry KeyTable::Group(std::string_view group, const Key* first, const Key* last) {
  const bool is_whole = first->kind == WordKey::Kind::kWhole;
  Entry entry = {.head = LoadHead<uint64_t>(group),
                 .tail = TailOf(group),
                 .bytes_and_kind = static_cast<uint32_t>(MeasureOf(first->kind, group)),
                 .text = Keep(group),
                 .begin = static_cast<uint32_t>(is_whole ? wholes_.size() : affixes_.size())};
  for (const Key* key = first; key != last; ++key) {
    if (is_whole) {
      wholes_.push_back(key->use);
      continue;
    }
    const Padded affix(key->text);
    const size_t compared = std::min<size_t>(key->text.size(), sizeof(Affix::eight));
    affixes_.push_back({.eight = LoadHead<uint64_t>(affix.text()),
                        .unused_bits = static_cast<uint32_t>(64 - 8 * compared),
                        .bytes = static_cast<uint32_t>(key->text.size()),
                        .text = Keep(key->text),
                        .use = key->use});
  }
  entry.end = static_cast<uint32_t>(is_whole ? wholes_.size() : affixes_.size());
  return entry;
}

uint32_t KeyTable::Keep(std::string_view text) {
  const auto at = static_cast<uint32_t>(texts_.size());
  texts_ += text;
  return at;
}

}  // namespace tocsin::rules
