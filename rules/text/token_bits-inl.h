// Which bytes of a folded stream belong to tokens, a bit each; for files that foreach_target.h
// includes once a target.
//
//   ForEachBlock(stream, [&](size_t at, uint64_t tokens) { ... });    // bit i: stream[at + i]
//
// Shape     stream: as a Folder leaves it; beyond its end no bit is set.
// Cost      four instructions a vector.
// Threads   pure.

#if defined(TOCSIN_RULES_TEXT_TOKEN_BITS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TOCSIN_RULES_TEXT_TOKEN_BITS_INL_H_
#undef TOCSIN_RULES_TEXT_TOKEN_BITS_INL_H_
#else
#define TOCSIN_RULES_TEXT_TOKEN_BITS_INL_H_
#endif

#include <hwy/highway.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

inline constexpr size_t kTokenBlock = 64;

// Where the bits of a byte are.
inline constexpr auto kBitPositions = [] {
  std::array<std::array<uint8_t, 8>, 256> table{};
  for (int byte = 0; byte < 256; ++byte) {
    int count = 0;
    for (uint8_t bit = 0; bit < 8; ++bit) {
      if ((byte >> bit & 1) != 0) table[byte][count++] = bit;
    }
  }
  return table;
}();

// Tokens are separated by spaces, fields by a line feed: nothing else is as small.
HWY_INLINE uint64_t TokenBits(const uint8_t* from) {
  uint64_t tokens = 0;
#if HWY_TARGET == HWY_SCALAR
  for (size_t i = 0; i < kTokenBlock; ++i) tokens |= uint64_t{from[i] > ' '} << i;
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<uint8_t, kTokenBlock> d;
  for (size_t i = 0; i < kTokenBlock; i += hn::Lanes(d)) {
    uint64_t bits = 0;
    hn::StoreMaskBits(d, hn::Gt(hn::LoadU(d, from + i), hn::Set(d, ' ')),
                      reinterpret_cast<uint8_t*>(&bits));
    tokens |= bits << i;
  }
#endif
  return tokens;
}

template <typename Use>
HWY_INLINE void ForEachBlock(std::string_view stream, Use use) {
  const auto* const from = reinterpret_cast<const uint8_t*>(stream.data());
  size_t at = 0;
  for (; at + kTokenBlock <= stream.size(); at += kTokenBlock) use(at, TokenBits(from + at));
  if (at == stream.size()) return;
  uint8_t last[kTokenBlock] = {};
  std::memcpy(last, from + at, stream.size() - at);
  use(at, TokenBits(last));
}

// Writes where the bits are, plus `base`, and behind them up to kTokenBlock words of anything; returns the end.
template <int kAtATime>
HWY_INLINE uint32_t* PutPositions(uint64_t bits, uint32_t base, uint32_t* out) {
#if HWY_TARGET <= HWY_AVX3_DL
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<uint8_t, kTokenBlock> d8;
  const hn::CappedTag<uint32_t, 16> d32;
  const hn::Rebind<uint8_t, decltype(d32)> d8_of_32;
  const auto mask = hn::LoadMaskBits(d8, reinterpret_cast<const uint8_t*>(&bits));
  // Not CompressStore, which Zen 4 has a microprogram for.
  const auto positions = hn::Compress(hn::Iota(d8, 0), mask);
  const auto put = [&](auto narrow, size_t at) HWY_ATTR {
    hn::StoreU(hn::Add(hn::PromoteTo(d32, narrow), hn::Set(d32, base)), d32, out + at);
  };
  put(hn::LowerHalf(hn::LowerHalf(positions)), 0);
  const size_t count = std::popcount(bits);
  if (count > hn::Lanes(d32)) {
    alignas(64) uint8_t all[kTokenBlock];
    hn::Store(positions, d8, all);
    for (size_t i = hn::Lanes(d32); i < count; i += hn::Lanes(d32))
      put(hn::Load(d8_of_32, all + i), i);
  }
  return out + count;
#else
  // Several at a time: a branch for each would be guessed wrong too often.
  const int count = std::popcount(bits);
  for (int done = 0; done < count; done += kAtATime) {
    for (int i = 0; i < kAtATime; ++i) {
      out[done + i] = base + static_cast<uint32_t>(std::countr_zero(bits));
      bits &= bits - 1;
    }
  }
  return out + count;
#endif
}

// The same for many bits: eight of them at a time, from a table.
HWY_INLINE uint32_t* PutManyPositions(uint64_t bits, uint32_t base, uint32_t* out) {
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET <= HWY_AVX3_DL
  return PutPositions<8>(bits, base, out);
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<uint32_t, 8> d32;
  const hn::Rebind<uint8_t, decltype(d32)> d8;
  for (int shift = 0; shift < 64; shift += 8, base += 8) {
    const auto byte = static_cast<uint8_t>(bits >> shift);
    for (size_t i = 0; i < 8; i += hn::Lanes(d32)) {
      const auto positions = hn::LoadU(d8, kBitPositions[byte].data() + i);
      hn::StoreU(hn::Add(hn::PromoteTo(d32, positions), hn::Set(d32, base)), d32, out + i);
    }
    out += std::popcount(byte);
  }
  return out;
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#endif  // TOCSIN_RULES_TEXT_TOKEN_BITS_INL_H_
