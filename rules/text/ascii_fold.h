// The ASCII part of the fold: letters lowered, digits kept, every run of other characters one
// space.
//
//   const AsciiFold done = FoldAscii(text.data(), text.size(), /*after_space=*/true, buffer);
//
// Shape     folds up to the first byte that is no ASCII. out: room for length + kFoldAsciiSlack
//           bytes, all of which may be written. after_space: the stream before out ends in a space,
//           so that none is added.
// Cost      by SIMD, dispatched at run time to what the processor has: with AVX-512 3 to 6 times as
//           fast as the scalar loop, with AVX2 1.2 to 1.8, with SSE4 no slower; below, the scalar
//           loop. `bench/fold_targets` (a ctest) tells on each machine.
// Threads   pure functions.
#ifndef TOCSIN_RULES_TEXT_ASCII_FOLD_H_
#define TOCSIN_RULES_TEXT_ASCII_FOLD_H_

#include <array>
#include <cstddef>

namespace tocsin::rules {

inline constexpr size_t kFoldAsciiSlack = 64;

struct AsciiFold {
  size_t consumed;
  size_t written;
};

AsciiFold FoldAscii(const char* text, size_t length, bool after_space, char* out);

// The same, a byte at a time: the yardstick for tests and benchmarks.
AsciiFold FoldAsciiScalar(const char* text, size_t length, bool after_space, char* out);

// What the fold makes of one ASCII byte: the lower-case letter, the digit, or a space.
inline constexpr std::array<char, 256> kAsciiFolded = [] {
  std::array<char, 256> table{};
  table.fill(' ');
  for (int c = '0'; c <= '9'; ++c) table[c] = static_cast<char>(c);
  for (int c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = static_cast<char>(c);
  return table;
}();
inline char FoldAsciiByte(char c) { return kAsciiFolded[static_cast<unsigned char>(c)]; }

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_ASCII_FOLD_H_
