#include "rules/text/quote.h"

#include <algorithm>

namespace tocsin::rules {
namespace {

constexpr size_t kContextCodePoints = 32;

bool StartsCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), StartsCodePoint));
}

size_t ContextBegin(std::string_view text, size_t at) {
  for (size_t taken = 0; at > 0 && taken < kContextCodePoints; ++taken) {
    do --at;
    while (at > 0 && !StartsCodePoint(text[at]));
  }
  return at;
}

size_t ContextEnd(std::string_view text, size_t at) {
  for (size_t taken = 0; at < text.size() && taken < kContextCodePoints; ++taken) {
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
