// A set of phrases, asked for one of them in a few instructions.
//
//   PhraseSet set(std::move(phrases), program.phrases.size());
//   if (set.Contains(phrase)) ...
//
// Before it is asked, a phrase's marks tell: those of all sets that hold it, and its own. One that
// has not the set's is not in it; of those that have it, most are.
//
//   if ((program.phrase_marks[phrase] & MarkOf(set_id)) != 0 && set.Contains(phrase)) ...
#ifndef TOCSIN_RULES_COMPILE_PHRASE_SET_H_
#define TOCSIN_RULES_COMPILE_PHRASE_SET_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tocsin::rules {

// Of a set, or of a phrase by itself: one of 64 that they share.
constexpr uint64_t MarkOf(uint32_t id) { return uint64_t{1} << id % 64; }

class PhraseSet {
 public:
  PhraseSet(std::vector<uint32_t> phrases, size_t phrases_in_all) : sorted_(std::move(phrases)) {
    std::sort(sorted_.begin(), sorted_.end());
    sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
    // A bit for each phrase there is, unless that were mostly zeros.
    constexpr size_t kSparse = 512;
    if (sorted_.size() * kSparse < phrases_in_all) return;
    bits_.resize(phrases_in_all / 64 + 1);
    for (const uint32_t phrase : sorted_) bits_[phrase / 64] |= uint64_t{1} << phrase % 64;
  }

  bool Contains(uint32_t phrase) const {
    if (!bits_.empty()) return (bits_[phrase / 64] >> phrase % 64 & 1) != 0;
    return std::binary_search(sorted_.begin(), sorted_.end(), phrase);
  }

  const std::vector<uint32_t>& phrases() const { return sorted_; }

 private:
  std::vector<uint32_t> sorted_;
  std::vector<uint64_t> bits_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PHRASE_SET_H_
