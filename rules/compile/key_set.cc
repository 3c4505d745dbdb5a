#include "rules/compile/key_set.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "rules/compile/padded.h"

namespace tocsin::rules {

void KeySet::Build() {
  for (const WordKey& key : added_) {
    size_t& bytes = bytes_[static_cast<size_t>(key.kind)];
    bytes = bytes == 0 ? key.text.size() : std::min(bytes, key.text.size());
  }
  slots_.assign(std::bit_ceil(2 * added_.size() + 1), 0);
  mask_ = slots_.size() - 1;
  for (const WordKey& key : std::exchange(added_, {})) {
    const Padded padded(key.text);
    const std::string_view group = Group(key.kind, padded.text());
    if (Has(key.kind, group)) continue;
    const uint64_t hash = HashOf(key.kind, group);
    size_t at = hash & mask_;
    while (slots_[at] != 0) at = (at + 1) & mask_;
    slots_[at] = TagOf(hash);
  }
}

}  // namespace tocsin::rules
