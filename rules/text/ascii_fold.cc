#include "rules/text/ascii_fold.h"

#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rules/text/ascii_fold.cc"
#include <hwy/foreach_target.h>
// foreach_target.h comes first: it includes this file once a target.
#include <hwy/highway.h>

#include "rules/text/ascii_token-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Whole vectors of ASCII, from 1 on: each byte is kept if it or the one before it belongs to a
// token.
AsciiFold FoldVectors([[maybe_unused]] const char* text, [[maybe_unused]] size_t length,
                      [[maybe_unused]] char* out) {
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SSE2 || \
    HWY_TARGET == HWY_SSSE3
  // Emulated vectors are four times slower than none; those of SSSE3 gain nothing.
  return {.consumed = 1, .written = 0};
#else
  const hn::ScalableTag<uint8_t> d;
  const size_t lanes = hn::Lanes(d);
  const auto* from = reinterpret_cast<const uint8_t*>(text);
  auto* to = reinterpret_cast<uint8_t*>(out);
  size_t at = 1;
  size_t written = 0;
  for (; at + lanes <= length; at += lanes) {
    const auto v = hn::LoadU(d, from + at);
    if (!hn::AllFalse(d, hn::Gt(v, hn::Set(d, 0x7F)))) break;
    const auto lower = hn::Or(v, hn::Set(d, 0x20));
    const auto is_token = IsAsciiToken(v);
    const auto keep = hn::Or(is_token, IsAsciiToken(hn::LoadU(d, from + at - 1)));
    const auto folded = hn::IfThenElse(is_token, lower, hn::Set(d, ' '));
    if (hn::AllTrue(d, keep)) {
      hn::StoreU(folded, d, to + written);
      written += lanes;
    } else {
#if HWY_TARGET <= HWY_AVX3_DL
      // Zen 4 compresses into memory by a microprogram.
      hn::StoreU(hn::Compress(folded, keep), d, to + written);
      written += hn::CountTrue(d, keep);
#else
      written += hn::CompressStore(folded, keep, d, to + written);
#endif
    }
  }
  return {.consumed = at, .written = written};
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FoldVectors);

bool IsAscii(char c) { return static_cast<signed char>(c) >= 0; }

}  // namespace

// Not inlined: GCC makes a loop of it in FoldAscii that is 15 % slower.
[[gnu::noinline]] AsciiFold FoldAsciiScalar(const char* text, size_t length, bool after_space,
                                            char* out) {
  size_t at = 0;
  size_t written = 0;
  bool keep_space = !after_space;
  for (; at < length && IsAscii(text[at]); ++at) {
    const char folded = FoldAsciiByte(text[at]);
    out[written] = folded;
    const bool is_token = folded != ' ';
    written += static_cast<size_t>(is_token || keep_space);
    keep_space = is_token;
  }
  return {.consumed = at, .written = written};
}

AsciiFold FoldAscii(const char* text, size_t length, bool after_space, char* out) {
  // Between characters of another script there is mostly one space: no vector pays for it.
  constexpr size_t kVectorsFrom = 32;
  if (length < kVectorsFrom || !IsAscii(text[1]))
    return FoldAsciiScalar(text, length, after_space, out);
  const AsciiFold first = FoldAsciiScalar(text, 1, after_space, out);
  const AsciiFold vectors = HWY_DYNAMIC_DISPATCH(FoldVectors)(text, length, out + first.written);
  const bool ends_in_space = FoldAsciiByte(text[vectors.consumed - 1]) == ' ';
  const size_t written = first.written + vectors.written;
  const AsciiFold rest = FoldAsciiScalar(text + vectors.consumed, length - vectors.consumed,
                                         ends_in_space, out + written);
  return {.consumed = vectors.consumed + rest.consumed, .written = written + rest.written};
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
