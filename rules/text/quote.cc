#include "rules/text/quote.h"

#include <algorithm>
#include <cstdint>

namespace tocsin::rules {
namespace {

constexpr size_t kContextCodePoints = 32;

bool StartsCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

size_t CountCodePoints(std::string_view text) {
  // So few that they are counted in bytes, of which a vector holds most.
  constexpr size_t kChunk = 240;
  size_t count = 0;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kChunk))) {
    uint8_t in_chunk = 0;
    for (const char byte : text.substr(0, kChunk)) {
      in_chunk = static_cast<uint8_t>(in_chunk + (StartsCodePoint(byte) ? 1 : 0));
    }
    count += in_chunk;
  }
  return count;
}

// As most text that is quoted.
bool IsAscii(std::string_view text) {
  unsigned char bits = 0;
  for (const char byte : text) bits |= static_cast<unsigned char>(byte);
  return bits < 0x80;
}

size_t ContextBegin(std::string_view text, size_t at) {
  constexpr size_t kMax = kContextCodePoints;
  if (at >= kMax && IsAscii(text.substr(at - kMax, kMax))) return at - kMax;
  for (size_t taken = 0; at > 0 && taken < kMax; ++taken) {
    do --at;
    while (at > 0 && !StartsCodePoint(text[at]));
  }
  return at;
}

size_t ContextEnd(std::string_view text, size_t at) {
  constexpr size_t kMax = kContextCodePoints;
  const std::string_view next = text.substr(at, kMax);
  if (next.size() == kMax && IsAscii(next)) return at + kMax;
  for (size_t taken = 0; at < text.size() && taken < kMax; ++taken) {
    do ++at;
    while (at < text.size() && !StartsCodePoint(text[at]));
  }
  return at;
}

}  // namespace

void Quoter::Reset(std::string_view text) {
  text_ = text;
  byte_ = 0;
  code_point_ = 0;
}

Quote Quoter::Cut(size_t begin, size_t end) {
  if (begin < byte_) Reset(text_);
  code_point_ += CountCodePoints(text_.substr(byte_, begin - byte_));
  byte_ = begin;
  const std::string_view exact = text_.substr(begin, end - begin);
  const size_t prefix_begin = ContextBegin(text_, begin);
  return {.start = code_point_,
          .end = code_point_ + CountCodePoints(exact),
          .exact = exact,
          .prefix = text_.substr(prefix_begin, begin - prefix_begin),
          .suffix = text_.substr(end, ContextEnd(text_, end) - end)};
}

}  // namespace tocsin::rules
