// A filter of short strings for vectors: eight sets of them, and of each set which bytes its strings
// have in which place.
//
//   ByteSets sets;
//   sets.Build(patterns);                              // five bytes each, or any byte in a place
//   uint8_t held_by = 0xFF;
//   for (size_t i = 0; i < 5; ++i) held_by &= sets.places()[i][five[i] & 0x7F];
//
// Shape     a bit a set. Some set has the bytes of each pattern in all places, and of other strings, too:
//           the more the more patterns there are.
// Cost      Build 40 steps a pattern, three times. Of the triggers of the catalog, 700 beginnings, a
//           quarter of the words of English news pass.
// Threads   immutable once built: share freely.
// See       Hyperscan's Teddy (X. Wang et al., NSDI 2019), which this is with tables of whole bytes.
#ifndef TOCSIN_RULES_COMPILE_BYTE_SETS_H_
#define TOCSIN_RULES_COMPILE_BYTE_SETS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tocsin::rules {

class ByteSets {
 public:
  static constexpr size_t kPlaces = 5;
  static constexpr size_t kBytes = 128;

  using Pattern = std::array<std::optional<char>, kPlaces>;  // nullopt: any byte
  using Table = std::array<uint8_t, kBytes>;                 // by a byte's lower seven bits

  void Build(std::span<const Pattern> patterns);

  const std::array<Table, kPlaces>& places() const { return places_; }

 private:
  alignas(64) std::array<Table, kPlaces> places_{};
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_BYTE_SETS_H_
