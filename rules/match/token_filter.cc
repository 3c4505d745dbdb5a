#include "rules/match/token_filter.h"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rules/match/token_filter.cc"
#include <hwy/foreach_target.h>
// foreach_target.h comes first: it includes this file once a target.
#include <hwy/highway.h>

#include "rules/base/load.h"
#include "rules/text/token_bits-inl.h"

#ifndef TOCSIN_RULES_MATCH_TOKEN_FILTER_ONCE_
#define TOCSIN_RULES_MATCH_TOKEN_FILTER_ONCE_
namespace tocsin::rules {

struct Counts {
  size_t begins;
  size_t ends;
};

// The bits of a block as they stand `bytes` later: those of the block before move in.
inline uint64_t Later(uint64_t bits, uint64_t before, uint32_t bytes) {
  return bits << bytes | before >> 1 >> (63 - bytes);
}

}  // namespace tocsin::rules
#endif  // TOCSIN_RULES_MATCH_TOKEN_FILTER_ONCE_

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

// Calls use with where the bits are, kAtATime a turn, since a branch for each would be guessed wrong:
// to the end of the turn then with where the next block begins.
template <int kAtATime, typename Use>
HWY_INLINE void ForEachBit(uint64_t bits, Use use) {
  const int count = std::popcount(bits);
  for (int done = 0; done < count; done += kAtATime) {
    for (int i = 0; i < kAtATime; ++i) {
      use(static_cast<uint32_t>(std::countr_zero(bits)));
      bits &= bits - 1;
    }
  }
}

// Writes the last byte of heads that may be of keys, and the ends of tokens that may end in one, both
// among positions where there is neither, some several times in a row.
Counts FindPositions(const WordIndex::Glance& glance, std::string_view stream, uint32_t* heads,
                     uint32_t* tails) {
  using Table = WordIndex::Table;
  const auto mask_if = [](bool holds) { return holds ? ~uint64_t{0} : 0; };
  const uint64_t one = mask_if(glance.has_heads_of[1]);
  const uint64_t two = mask_if(glance.has_heads_of[2]);
  const uint64_t three = mask_if(glance.has_heads_of[3]);
  const uint64_t has_tails = mask_if(glance.has_tails);
  const uint64_t short_tails = mask_if(glance.tail_shift != 0);
  const uint32_t* const head_table = glance.heads.places.data();
  const uint32_t head_shift = glance.heads.shift;
  Counts found = {};
  uint64_t before = 0;
  uint64_t fours_before = 0;
  ForEachBlock(stream, [&](size_t block, uint64_t tokens) {
    const auto at = static_cast<uint32_t>(block);
    const char* const bytes = stream.data() + block;
    // Whether the byte before, the second, third, fourth before is of a token.
    const uint64_t last = Later(tokens, before, 1);
    const uint64_t second = Later(tokens, before, 2);
    const uint64_t third = Later(tokens, before, 3);
    const uint64_t fourth = Later(tokens, before, 4);
    const uint64_t behind_three = last & second & third & ~fourth;
    const uint64_t ends = last & ~tokens;
    ForEachBit<12>(
        (behind_three & (tokens | three)) | (ends & second & ~third & two) | (ends & ~second & one),
        [&](uint32_t i) {
          const char* const head = bytes + i - 3;
          const uint32_t place = Table::At(Load<uint32_t>(head), head_shift);
          heads[found.begins] = at + i;
          found.begins += head_table[place] >> (head[4] & 31) & 1;
        });
    const uint64_t fours = last & second & third & fourth;
    const uint64_t long_enough = fours & Later(fours, fours_before, glance.tail_offset - 4);
    ForEachBit<4>(~tokens & has_tails & (long_enough | (last & second & third & short_tails)),
                  [&](uint32_t i) {
                    tails[found.ends] = at + i;
                    found.ends += static_cast<size_t>(glance.MayEnd(bytes + i));
                  });
    before = tokens;
    fours_before = fours;
  });
  return found;
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FindPositions);

bool IsToken(char byte) { return static_cast<unsigned char>(byte) > ' '; }

}  // namespace

void TokenFilter::Find(const WordIndex::Glance& glance, std::string_view stream) {
  // Of a block of 64 bytes at most 32, one behind each token, and what fills up the last turn.
  const size_t positions_max = (stream.size() / 64 + 1) * 40;
  if (heads_.size() < positions_max) {
    heads_.resize(2 * positions_max);
    tails_.resize(2 * positions_max);
  }
  const Counts found =
      HWY_DYNAMIC_DISPATCH(FindPositions)(glance, stream, heads_.data(), tails_.data());
  begins_ = 0;
  for (size_t i = 0; i < found.begins; ++i) {
    const char* const last = stream.data() + heads_[i];
    const uint32_t begin = heads_[i] - (last[-2] == ' ' ? 1 : last[-3] == ' ' ? 2 : 3);
    if (begin >= stream.size() || !IsToken(stream[begin]) || IsToken(stream[begin - 1])) continue;
    if (begins_ == 0 || heads_[begins_ - 1] != begin) heads_[begins_++] = begin;
  }
  ends_ = 0;
  for (size_t i = 0; i < found.ends; ++i) {
    const uint32_t end = tails_[i];
    if (end >= stream.size() || IsToken(stream[end]) || !IsToken(stream[end - 1])) continue;
    if (ends_ == 0 || tails_[ends_ - 1] != end) tails_[ends_++] = end;
  }
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
