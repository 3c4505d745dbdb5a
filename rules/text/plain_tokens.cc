#include "rules/text/plain_tokens.h"

#include <bit>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rules/text/plain_tokens.cc"
#include <hwy/foreach_target.h>
// foreach_target.h comes first: it includes this file once a target.
#include <hwy/highway.h>

#include "rules/text/char_table.h"

#ifndef TOCSIN_RULES_TEXT_PLAIN_TOKENS_ONCE_
#define TOCSIN_RULES_TEXT_PLAIN_TOKENS_ONCE_
namespace tocsin::rules {

inline constexpr size_t kBlock = 64;

// One bit a byte of a block.
struct BlockBits {
  uint64_t token;
  uint64_t lead;  // first bytes of characters beyond ASCII
};

// Where the plain text ends: at a character that is more than a boundary.
struct Plain {
  size_t bounds;
  size_t bytes;
};

// The first character beyond ASCII in the block that does more than separate words; npos: none.
inline size_t BoundariesEnd(std::string_view text, size_t begin, uint64_t lead) {
  for (; lead != 0; lead &= lead - 1) {
    const size_t from = begin + static_cast<size_t>(std::countr_zero(lead));
    size_t at = from;
    const CharEntry entry = CharTable::Get().Lookup(NextCodePoint(text, &at));
    if (entry.in_token() || entry.kind == CharKind::kIgnorable) return from;
  }
  return std::string_view::npos;
}

// Writes where the bits are, eight at a time: a branch for each would be guessed wrong too often.
inline uint32_t* PutPositions(uint64_t bits, uint32_t base, uint32_t* out) {
  constexpr int kAtATime = 8;
  const int count = std::popcount(bits);
  for (int done = 0; done < count; done += kAtATime) {
    for (int i = 0; i < kAtATime; ++i) {
      out[done + i] = base + static_cast<uint32_t>(std::countr_zero(bits));
      bits &= bits - 1;
    }
  }
  return out + count;
}

}  // namespace tocsin::rules
#endif  // TOCSIN_RULES_TEXT_PLAIN_TOKENS_ONCE_

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class V>
HWY_INLINE auto IsIn(V v, uint8_t first, uint8_t count) {
  const hn::DFromV<V> d;
  return hn::Lt(hn::Sub(v, hn::Set(d, first)), hn::Set(d, count));
}

// Writes the block with bit 5 set, which makes letters small and leaves digits as they are.
HWY_INLINE BlockBits ReadBlock(const uint8_t* from, uint8_t* to) {
#if HWY_TARGET == HWY_SCALAR
  BlockBits bits{};
  for (size_t i = 0; i < kBlock; ++i) {
    const auto lower = static_cast<uint8_t>(from[i] | 0x20);
    const bool is_token = (lower >= 'a' && lower <= 'z') || (from[i] >= '0' && from[i] <= '9');
    bits.token |= uint64_t{is_token} << i;
    bits.lead |= uint64_t{from[i] >= 0xC0} << i;
    to[i] = lower;
  }
  return bits;
#else
  const hn::CappedTag<uint8_t, kBlock> d;
  BlockBits bits{};
  for (size_t i = 0; i < kBlock; i += hn::Lanes(d)) {
    const auto v = hn::LoadU(d, from + i);
    const auto lower = hn::Or(v, hn::Set(d, 0x20));
    uint64_t token = 0;
    uint64_t lead = 0;
    hn::StoreMaskBits(d, hn::Or(IsIn(lower, 'a', 26), IsIn(v, '0', 10)),
                      reinterpret_cast<uint8_t*>(&token));
    hn::StoreMaskBits(d, hn::Gt(v, hn::Set(d, 0xBF)), reinterpret_cast<uint8_t*>(&lead));
    bits.token |= token << i;
    bits.lead |= lead << i;
    hn::StoreU(lower, d, to + i);
  }
  return bits;
#endif
}

// Writes where the bits are. base: of the block.
HWY_INLINE uint32_t* PutBits(uint64_t bits, uint32_t base, uint32_t* out) {
#if HWY_TARGET <= HWY_AVX3_DL
  const hn::CappedTag<uint8_t, kBlock> d8;
  const hn::CappedTag<uint32_t, 16> d32;
  const hn::Rebind<uint8_t, decltype(d32)> d8_of_32;
  alignas(64) uint8_t positions[kBlock];
  const auto mask = hn::LoadMaskBits(d8, reinterpret_cast<const uint8_t*>(&bits));
  const size_t count = hn::CompressStore(hn::Iota(d8, 0), mask, d8, positions);
  for (size_t i = 0; i < count; i += hn::Lanes(d32)) {
    const auto narrow = hn::LoadU(d8_of_32, positions + i);
    hn::StoreU(hn::Add(hn::PromoteTo(d32, narrow), hn::Set(d32, base)), d32, out + i);
  }
  return out + count;
#else
  return PutPositions(bits, base, out);
#endif
}

Plain FindBounds(std::string_view text, uint32_t shift, uint8_t* lower, uint32_t* bounds) {
  const auto* from = reinterpret_cast<const uint8_t*>(text.data());
  uint32_t* out = bounds;
  uint64_t in_token = 0;
  size_t plain_end = std::string_view::npos;
  size_t at = 0;
  // The bits of a block, up to where the text is plain.
  const auto add = [&](BlockBits bits) {
    if (bits.lead != 0) plain_end = BoundariesEnd(text, at, bits.lead);
    if (plain_end != std::string_view::npos) bits.token &= (uint64_t{1} << (plain_end - at)) - 1;
    out =
        PutBits(bits.token ^ (bits.token << 1 | in_token), shift + static_cast<uint32_t>(at), out);
    in_token = bits.token >> 63;
    return plain_end == std::string_view::npos;
  };
  const auto result = [&](size_t end) {
    return Plain{.bounds = static_cast<size_t>(out - bounds), .bytes = end};
  };
  for (; at + kBlock <= text.size(); at += kBlock) {
    if (!add(ReadBlock(from + at, lower + at))) return result(plain_end);
  }
  uint8_t last[kBlock];
  std::memset(last, ' ', kBlock);
  if (at < text.size()) std::memcpy(last, from + at, text.size() - at);
  return add(ReadBlock(last, lower + at)) ? result(text.size()) : result(plain_end);
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FindBounds);

}  // namespace

PlainTokens FindPlainTokens(std::string_view text, uint32_t shift, char* lower, uint32_t* bounds) {
  const auto plain =
      HWY_DYNAMIC_DISPATCH(FindBounds)(text, shift, reinterpret_cast<uint8_t*>(lower), bounds);
  PlainTokens tokens{.count = plain.bounds / 2, .bytes = plain.bytes};
  // What goes on at the character that ends the plain text belongs to what is folded.
  const bool is_cut = plain.bounds % 2 != 0 || (tokens.count > 0 && plain.bytes < text.size() &&
                                                bounds[plain.bounds - 1] == shift + plain.bytes);
  if (!is_cut) return tokens;
  const size_t begin = plain.bounds % 2 != 0 ? plain.bounds - 1 : plain.bounds - 2;
  return {.count = begin / 2, .bytes = bounds[begin] - shift};
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
