// Which bytes are letters and digits of ASCII, a vector at a time; for files that foreach_target.h
// includes once a target.
//
//   const auto lower = hn::Or(v, hn::Set(d, 0x20));    // letters made small, digits as they are
//   const auto folded = hn::IfThenElse(IsAsciiToken(v), lower, hn::Set(d, ' '));
//
// Cost      IsIn two instructions, IsAsciiToken six.
// Threads   pure.

#if defined(TOCSIN_RULES_TEXT_ASCII_TOKEN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TOCSIN_RULES_TEXT_ASCII_TOKEN_INL_H_
#undef TOCSIN_RULES_TEXT_ASCII_TOKEN_INL_H_
#else
#define TOCSIN_RULES_TEXT_ASCII_TOKEN_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

// Whether kFirst <= byte < kFirst + kCount. Moved so that the range ends at 127, which one comparison
// of signed bytes finds; of unsigned ones there is none before AVX-512.
template <int kFirst, int kCount, class V>
HWY_INLINE auto IsIn(V v) {
  namespace hn = hwy::HWY_NAMESPACE;
  static_assert(kCount <= 64 && kFirst + kCount <= 256);
  const hn::DFromV<V> d;
  const hn::RebindToSigned<decltype(d)> d_signed;
  const auto moved = hn::Add(v, hn::Set(d, static_cast<uint8_t>(128 - kFirst - kCount)));
  const auto is_in =
      hn::Gt(hn::BitCast(d_signed, moved), hn::Set(d_signed, static_cast<int8_t>(127 - kCount)));
  return hn::RebindMask(d, is_in);
}

template <class V>
HWY_INLINE auto IsAsciiToken(V v) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::DFromV<V> d;
  return hn::Or(IsIn<'a', 26>(hn::Or(v, hn::Set(d, 0x20))), IsIn<'0', 10>(v));
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#endif  // TOCSIN_RULES_TEXT_ASCII_TOKEN_INL_H_
