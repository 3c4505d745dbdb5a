// Eight bytes compared with a form at once, without a loop.
//
//   HasForm(text.data(), "0000-00-")   // true of 2025-12-
//
// Shape     form: as many bytes, 0 for any digit, all else for itself.
#ifndef TOCSIN_PIPELINE_DECODE_VALUES_FORM_H_
#define TOCSIN_PIPELINE_DECODE_VALUES_FORM_H_

#include <cstdint>
#include <cstring>

namespace tocsin {

inline bool HasForm(const char* bytes, const char (&form)[9]) {
  uint64_t word = 0;
  uint64_t wanted = 0;
  std::memcpy(&word, bytes, sizeof word);
  std::memcpy(&wanted, form, sizeof wanted);
  constexpr uint64_t kHighBits = 0x8080808080808080;
  constexpr uint64_t kToHighBit = 0x7676767676767676;  // of what is 10 and more
  constexpr uint64_t kZeros = 0x3030303030303030;
  const uint64_t other = wanted ^ kZeros;
  const uint64_t is_other = ((other & ~kHighBits) + ~kHighBits) | other;
  const uint64_t digits = ((~is_other & kHighBits) >> 7) * 0xFF;  // 0xFF where one must be
  const uint64_t differs = word ^ wanted;
  return (differs & ~digits) == 0 && ((differs | (differs + kToHighBit)) & digits & kHighBits) == 0;
}

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_VALUES_FORM_H_
