// A word from memory that need not be aligned.
//
//   const auto eight = Load<uint64_t>(token.data());
//   const auto head = LoadHead<uint32_t>(token);      // zeros behind a shorter one
//
// Lifetime  as many bytes must be readable, of a shorter token, too.
#ifndef TOCSIN_RULES_BASE_LOAD_H_
#define TOCSIN_RULES_BASE_LOAD_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tocsin::rules {

template <typename Word>
Word Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Of the first bytes of a word, none to eight.
inline constexpr std::array<uint64_t, 9> kHeadMasks = {
    0,           0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF,
    ~uint64_t{0}};

template <typename Word>
Word LoadHead(std::string_view text) {
  const char* const begin = text.data();
  return Load<Word>(begin) & static_cast<Word>(kHeadMasks[std::min(text.size(), sizeof(Word))]);
}

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_BASE_LOAD_H_
