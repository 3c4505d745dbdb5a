#include "pipeline/publish/json_writer.h"

#include <array>
#include <charconv>
#include <cstring>

namespace tocsin {
namespace {

// For each byte: 0 = as it is, 'u' = \u00xx, else the letter behind the backslash.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (size_t byte = 0; byte < 0x20; ++byte) escapes[byte] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

char EscapeOf(char byte) { return kEscapes[static_cast<unsigned char>(byte)]; }

// Eight bytes at a time, as far as none of them needs an escape.
size_t SkipPlain(std::string_view text, size_t at) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t bytes;
    std::memcpy(&bytes, &text[at], sizeof bytes);
    const uint64_t quotes = bytes ^ kOnes * '"';
    const uint64_t backslashes = bytes ^ kOnes * '\\';
    const uint64_t escapes = ((bytes - kOnes * 0x20) & ~bytes) | ((quotes - kOnes) & ~quotes) |
                             ((backslashes - kOnes) & ~backslashes);
    if ((escapes & kOnes * 0x80) != 0) break;
  }
  return at;
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out->push_back('"');
  size_t written = 0;
  for (size_t at = SkipPlain(text, 0); at < text.size(); at = SkipPlain(text, at + 1)) {
    const char escape = EscapeOf(text[at]);
    if (escape == 0) [[likely]]
      continue;
    out->append(text, written, at - written);
    written = at + 1;
    out->push_back('\\');
    out->push_back(escape);
    if (escape != 'u') continue;
    const auto byte = static_cast<unsigned char>(text[at]);
    out->append({'0', '0', kHex[byte >> 4], kHex[byte & 0xF]});
  }
  out->append(text, written);
  out->push_back('"');
}

void AppendJsonNumber(uint64_t number, std::string* out) {
  std::array<char, 20> digits;
  const std::to_chars_result end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out->append(digits.data(), end.ptr);
}

}  // namespace tocsin
