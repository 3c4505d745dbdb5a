// A set of hashes that may hold more than was put into it.
//
//   HashFilter<2> filter;
//   filter.Resize(keys, 32);      // bits a key
//   filter.Put(hash);
//   if (filter.Has(hash)) ...
//
// Shape     of each hash kBits bits, all of them in one word. The more of them, and of bits a key,
//           the less is held by chance: of 4, of 128, less than one in 10,000 (key_set_test.cc).
// Cost      Has a multiplication and a read, and no branch to guess wrong.
// Threads   immutable once filled: share freely.
// See       F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and Space-Efficient Bloom Filters" (2007).
#ifndef TOCSIN_RULES_COMPILE_HASH_FILTER_H_
#define TOCSIN_RULES_COMPILE_HASH_FILTER_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tocsin::rules {

template <int kBits>
class HashFilter {
 public:
  // Empties it.
  void Resize(size_t keys, size_t bits_a_key) {
    words_.assign(std::max<size_t>(64, std::bit_ceil(bits_a_key * keys)) / 64, 0);
  }

  void Put(uint64_t hash) { words_[WordOf(hash)] |= BitsOf(hash); }
  bool Has(uint64_t hash) const { return (~words_[WordOf(hash)] & BitsOf(hash)) == 0; }

 private:
  size_t WordOf(uint64_t hash) const { return (hash >> 32) * words_.size() >> 32; }

  static uint64_t BitsOf(uint64_t hash) {
    uint64_t bits = 0;
    for (int i = 0; i < kBits; ++i) bits |= uint64_t{1} << (hash >> 6 * i) % 64;
    return bits;
  }

  std::vector<uint64_t> words_ = {0};
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_HASH_FILTER_H_
