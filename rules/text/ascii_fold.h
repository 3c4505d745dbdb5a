// The ASCII part of the fold: letters lowered, digits kept, every run of other characters one
// space.
//
//   size_t out = FoldAscii(text.data(), text.size(), /*after_space=*/true, buffer);
//
// Shape     text: ASCII only. out: room for length + kFoldAsciiSlack bytes, of which that many may
// be written.
//           after_space: the stream before out ends in a space, so that none is added.
// Cost      about a cycle a byte.
// Threads   pure functions.
#ifndef TOCSIN_RULES_TEXT_ASCII_FOLD_H_
#define TOCSIN_RULES_TEXT_ASCII_FOLD_H_

#include <cstddef>

namespace tocsin::rules {

inline constexpr size_t kFoldAsciiSlack = 64;

// The length of the ASCII prefix of text.
size_t AsciiPrefix(const char* text, size_t length);

// Bytes written to out.
size_t FoldAscii(const char* text, size_t length, bool after_space, char* out);

// What FoldAscii makes of one byte: the lower-case letter, the digit, or a space.
char FoldAsciiByte(char c);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_ASCII_FOLD_H_
