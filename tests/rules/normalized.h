// Another composition of the same text.
//
//   Normalized("é", icu::Normalizer2::getNFDInstance(error))
#ifndef TOCSIN_TESTS_RULES_NORMALIZED_H_
#define TOCSIN_TESTS_RULES_NORMALIZED_H_

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <string>

namespace tocsin::rules {

inline std::string Normalized(const std::string& text, const icu::Normalizer2* normalizer) {
  UErrorCode error = U_ZERO_ERROR;
  std::string out;
  normalizer->normalize(icu::UnicodeString::fromUTF8(text), error).toUTF8String(out);
  return out;
}

}  // namespace tocsin::rules

#endif  // TOCSIN_TESTS_RULES_NORMALIZED_H_
