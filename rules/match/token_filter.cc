#include "rules/match/token_filter.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rules/match/token_filter.cc"
#include <hwy/foreach_target.h>
// foreach_target.h comes first: it includes this file once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Whole vectors of tokens: returns how many were looked at.
size_t FindInVectors([[maybe_unused]] const WordIndex::Glance& glance,
                     [[maybe_unused]] const char* stream, [[maybe_unused]] const uint32_t* bounds,
                     [[maybe_unused]] size_t tokens, [[maybe_unused]] uint32_t* candidates,
                     [[maybe_unused]] size_t* found) {
#if HWY_TARGET > HWY_AVX2
  return 0;  // without gathers vectors gain nothing
#else
  const hn::ScalableTag<uint32_t> d;
  const hn::RebindToSigned<decltype(d)> di;
  const size_t lanes = hn::Lanes(d);
  const auto* const text = reinterpret_cast<const int32_t*>(stream);
  const auto gather = [&](const void* base, auto offsets) {
    return hn::BitCast(
        d, hn::GatherOffset(di, static_cast<const int32_t*>(base), hn::BitCast(di, offsets)));
  };
  const auto look_up = [&](const WordIndex::Table& table, auto keys) {
    const auto hash = hn::Mul(keys, hn::Set(d, WordIndex::kGlancePrime));
    return gather(table.bytes.data(), hn::ShiftRightSame(hash, static_cast<int>(table.shift)));
  };
  size_t at = 0;
  for (; at + lanes <= tokens; at += lanes) {
    hn::Vec<decltype(d)> begin;
    hn::Vec<decltype(d)> end;
    hn::LoadInterleaved2(d, bounds + 2 * at, begin, end);
    const auto length = hn::Min(hn::Sub(end, begin), hn::Set(d, 4));
    // (1 << 8 * length) - 1, and all ones for four bytes and more.
    const auto bits = hn::Sub(hn::Set(d, 32), hn::ShiftLeft<3>(length));
    const auto mask = hn::Shr(hn::Set(d, 0xFFFFFFFF), bits);
    const auto head = hn::And(gather(text, begin), mask);
    auto may = look_up(glance.heads, head);
    if (glance.has_tails) {
      const auto tail =
          hn::ShiftRightSame(gather(text, hn::Sub(end, hn::Set(d, glance.tail_offset))),
                             static_cast<int>(glance.tail_shift));
      may = hn::Or(may, look_up(glance.tails, tail));
    }
    const auto is_candidate = hn::Ne(hn::And(may, hn::Set(d, 1)), hn::Zero(d));
    const auto numbers = hn::Iota(d, static_cast<uint32_t>(at));
    *found += hn::CompressStore(numbers, is_candidate, d, candidates + *found);
  }
  return at;
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FindInVectors);

}  // namespace

size_t FindCandidates(const WordIndex::Glance& glance, const char* stream, const uint32_t* bounds,
                      size_t tokens, uint32_t* candidates) {
  size_t found = 0;
  size_t at =
      HWY_DYNAMIC_DISPATCH(FindInVectors)(glance, stream, bounds, tokens, candidates, &found);
  for (; at < tokens; ++at) {
    candidates[found] = static_cast<uint32_t>(at);
    found +=
        static_cast<size_t>(glance.MayHold(stream + bounds[2 * at], stream + bounds[2 * at + 1]));
  }
  return found;
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
