#include "pipeline/publish/json_writer.h"

#include <array>
#include <charconv>

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

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out->push_back('"');
  size_t written = 0;
  for (size_t at = 0; at < text.size(); ++at) {
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
