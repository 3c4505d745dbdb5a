#include "rules/text/ascii_fold.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace tocsin::rules {
namespace {

constexpr std::array<char, 256> kFolded = [] {
  std::array<char, 256> table{};
  table.fill(' ');
  for (int c = '0'; c <= '9'; ++c) table[c] = static_cast<char>(c);
  for (int c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = static_cast<char>(c);
  return table;
}();

}  // namespace

size_t AsciiPrefix(const char* text, size_t length) {
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t word;
    std::memcpy(&word, text + at, 8);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (at < length && static_cast<signed char>(text[at]) >= 0) ++at;
  return at;
}

char FoldAsciiByte(char c) { return kFolded[static_cast<unsigned char>(c)]; }

size_t FoldAscii(const char* text, size_t length, bool after_space, char* out) {
  size_t written = 0;
  bool keep_space = !after_space;
  for (size_t i = 0; i < length; ++i) {
    const char folded = FoldAsciiByte(text[i]);
    out[written] = folded;
    const bool is_token = folded != ' ';
    written += static_cast<size_t>(is_token || keep_space);
    keep_space = is_token;
  }
  return written;
}

}  // namespace tocsin::rules
