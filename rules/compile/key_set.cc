#include "rules/compile/key_set.h"

#include <algorithm>
#include <utility>

#include "rules/compile/padded.h"

namespace tocsin::rules {

void KeySet::Build() {
  for (const WordKey& key : added_) {
    size_t& bytes = bytes_[static_cast<size_t>(key.kind)];
    bytes = bytes == 0 ? key.text.size() : std::min(bytes, key.text.size());
  }
  filter_.Resize(added_.size(), 128);
  for (const WordKey& key : std::exchange(added_, {})) {
    const Padded padded(key.text);
    filter_.Put(HashOf(key.kind, Group(key.kind, padded.text())));
  }
}

}  // namespace tocsin::rules
