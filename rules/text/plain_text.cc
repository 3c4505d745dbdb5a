#include "rules/text/plain_text.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rules/text/plain_text.cc"
#include <hwy/foreach_target.h>
// foreach_target.h comes first: it includes this file once a target.
#include <hwy/highway.h>

#include "rules/text/ascii_fold.h"
#include "rules/text/ascii_token-inl.h"
#include "rules/text/char_table.h"

#ifndef TOCSIN_RULES_TEXT_PLAIN_TEXT_ONCE_
#define TOCSIN_RULES_TEXT_PLAIN_TEXT_ONCE_
namespace tocsin::rules {

inline constexpr size_t kPlainBlock = 64;
inline constexpr size_t kBeyondBlock = 2;  // of a character that begins in it

// The first of the characters beyond ASCII, which begin at the bits, that does more than separate
// words; the text's end: none.
inline size_t BoundariesEnd(std::string_view text, size_t begin, uint64_t leads) {
  const CharTable& table = CharTable::Get();
  for (; leads != 0; leads &= leads - 1) {
    const size_t from = begin + static_cast<size_t>(std::countr_zero(leads));
    size_t at = from;
    const CharEntry entry = table.Lookup(NextCodePoint(text, &at));
    if (entry.in_token() || entry.kind == CharKind::kIgnorable) return from;
  }
  return text.size();
}

}  // namespace tocsin::rules
#endif  // TOCSIN_RULES_TEXT_PLAIN_TEXT_ONCE_

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Whether U+2010 to U+2027 begin: dashes, quotation marks, bullets and dots. One block of five of
// English news has some, and seldom anything else beyond ASCII: a branch there is guessed wrong.
template <class D>
HWY_INLINE auto IsPunctuation(D d, const uint8_t* from) {
  const auto is_first = hn::Eq(hn::LoadU(d, from), hn::Set(d, 0xE2));
  const auto is_second = hn::Eq(hn::LoadU(d, from + 1), hn::Set(d, 0x80));
  return hn::And(hn::And(is_first, is_second), IsIn<0x90, 24>(hn::LoadU(d, from + 2)));
}

// Returns a bit for the first byte of each other character beyond ASCII. Reads kBeyondBlock bytes
// behind the block.
HWY_INLINE uint64_t FoldBlock(const uint8_t* from, uint8_t* to) {
  uint64_t leads = 0;
#if HWY_TARGET == HWY_SCALAR
  for (size_t i = 0; i < kPlainBlock; ++i) {
    leads |= uint64_t{from[i] >= 0xC0} << i;
    to[i] = static_cast<uint8_t>(kAsciiFolded[from[i]]);
  }
#else
  const hn::CappedTag<uint8_t, kPlainBlock> d;
  for (size_t i = 0; i < kPlainBlock; i += hn::Lanes(d)) {
    const auto v = hn::LoadU(d, from + i);
    // Bit 5 makes letters small and leaves digits as they are.
    const auto lower = hn::Or(v, hn::Set(d, 0x20));
    uint64_t bits = 0;
    const auto others = hn::AndNot(IsPunctuation(d, from + i), IsIn<0xC0, 64>(v));
    hn::StoreMaskBits(d, others, reinterpret_cast<uint8_t*>(&bits));
    leads |= bits << i;
    hn::StoreU(hn::IfThenElse(IsAsciiToken(v), lower, hn::Set(d, ' ')), d, to + i);
  }
#endif
  return leads;
}

size_t FoldBlocks(std::string_view text, uint8_t* out) {
  const auto* const from = reinterpret_cast<const uint8_t*>(text.data());
  size_t at = 0;
  while (true) {
    // By itself, since around a call the compiler keeps no vectors.
    uint64_t leads = 0;
    for (; leads == 0 && at + kPlainBlock + kBeyondBlock <= text.size(); at += kPlainBlock) {
      leads = FoldBlock(from + at, out + at);
    }
    if (leads == 0) break;
    const size_t end = BoundariesEnd(text, at - kPlainBlock, leads);
    if (end < text.size()) return end;
  }
  for (; at < text.size(); at += kPlainBlock) {
    uint8_t last[kPlainBlock + kBeyondBlock] = {};
    std::memcpy(last, from + at, std::min(text.size() - at, sizeof last));
    const size_t end = BoundariesEnd(text, at, FoldBlock(last, out + at));
    if (end < text.size()) return end;
  }
  return text.size();
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FoldBlocks);

}  // namespace

size_t FoldPlain(std::string_view text, char* out) {
  return HWY_DYNAMIC_DISPATCH(FoldBlocks)(text, reinterpret_cast<uint8_t*>(out));
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
