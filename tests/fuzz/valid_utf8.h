// Fuzzer input as the valid UTF-8 that the rules are promised.
#ifndef TOCSIN_TESTS_FUZZ_VALID_UTF8_H_
#define TOCSIN_TESTS_FUZZ_VALID_UTF8_H_

#include <unicode/unistr.h>

#include <string>
#include <string_view>

namespace tocsin {

// Invalid sequences become U+FFFD.
inline std::string ValidUtf8(std::string_view bytes) {
  std::string text;
  icu::UnicodeString::fromUTF8(icu::StringPiece(bytes.data(), static_cast<int32_t>(bytes.size())))
      .toUTF8String(text);
  return text;
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_FUZZ_VALID_UTF8_H_
