#include "rules/match/token_filter.h"

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

// Of the last byte of a head before which it begins.
inline constexpr uint32_t kHeadOffset = 3;

struct Counts {
  size_t heads;
  size_t tails;
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

namespace hn = hwy::HWY_NAMESPACE;

// Which five bytes a ByteSets may hold, of 64 in a row; where there are no tables of 128 bytes, all of
// them.
class SetTest {
 public:
#if HWY_TARGET <= HWY_AVX3_DL
  HWY_INLINE explicit SetTest(const ByteSets& sets) {
    for (size_t place = 0; place < ByteSets::kPlaces; ++place) {
      low_[place] = hn::LoadU(kTag, sets.places()[place].data());
      high_[place] = hn::LoadU(kTag, sets.places()[place].data() + kTokenBlock);
    }
  }

  HWY_INLINE uint64_t At(const char* first) const {
    auto sets = hn::Set(kTag, 0xFF);
    for (size_t place = 0; place < ByteSets::kPlaces; ++place) {
      const auto bytes = hn::LoadU(kTag, reinterpret_cast<const uint8_t*>(first + place));
      const auto of_place = _mm512_permutex2var_epi8(low_[place].raw, bytes.raw, high_[place].raw);
      sets = hn::And(sets, hn::Vec<Tag>{of_place});
    }
    uint64_t held = 0;
    hn::StoreMaskBits(kTag, hn::Ne(sets, hn::Zero(kTag)), reinterpret_cast<uint8_t*>(&held));
    return held;
  }

 private:
  using Tag = hn::CappedTag<uint8_t, kTokenBlock>;
  static constexpr Tag kTag{};
  hn::Vec<Tag> low_[ByteSets::kPlaces];
  hn::Vec<Tag> high_[ByteSets::kPlaces];
#else
  explicit SetTest(const ByteSets& /*sets*/) {}
  uint64_t At(const char* /*first*/) const { return ~uint64_t{0}; }
#endif
};

// Writes the last byte of heads that keys may have, and the ends of tokens that are as long as keys
// that are endings.
Counts FindPositions(const WordIndex::Glance& glance, std::string_view stream, uint32_t* heads,
                     uint32_t* tails) {
  const auto mask_if = [](bool holds) { return holds ? ~uint64_t{0} : 0; };
  const uint64_t one = mask_if(glance.has_heads_of[1]);
  const uint64_t two = mask_if(glance.has_heads_of[2]);
  const uint64_t three = mask_if(glance.has_heads_of[3]);
  const uint64_t has_tails = mask_if(glance.has_tails);
  const uint64_t short_tails = mask_if(glance.tail_shift != 0);
  const uint32_t beyond_four = glance.tail_offset - 4;
  const uint32_t* const heads_begin = heads;
  const uint32_t* const tails_begin = tails;
  const SetTest head_test(glance.head_sets);
  const SetTest tail_test(glance.tail_sets);
  uint64_t before = 0;
  uint64_t fours_before = 0;
  ForEachBlock(stream, [&](size_t block, uint64_t tokens) {
    const auto at = static_cast<uint32_t>(block);
    const char* const from = stream.data() + block;
    // Whether the byte before, the second, third, fourth before is of a token.
    const uint64_t last = Later(tokens, before, 1);
    const uint64_t second = Later(tokens, before, 2);
    const uint64_t third = Later(tokens, before, 3);
    const uint64_t fourth = Later(tokens, before, 4);
    const uint64_t behind_three = last & second & third & ~fourth;
    const uint64_t ends = last & ~tokens;
    const uint64_t all_heads =
        (behind_three & (tokens | three)) | (ends & second & ~third & two) | (ends & ~second & one);
    heads = PutManyPositions(all_heads & head_test.At(from - kHeadOffset), at, heads);
    const uint64_t fours = last & second & third & fourth;
    const uint64_t long_enough = fours & Later(fours, fours_before, beyond_four);
    const uint64_t all_tails =
        ~tokens & has_tails & (long_enough | (last & second & third & short_tails));
    tails = PutPositions<4>(all_tails & tail_test.At(from - glance.tail_offset), at, tails);
    before = tokens;
    fours_before = fours;
  });
  return {.heads = static_cast<size_t>(heads - heads_begin),
          .tails = static_cast<size_t>(tails - tails_begin)};
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FindPositions);

}  // namespace

void TokenFilter::Find(const WordIndex::Glance& glance, std::string_view stream) {
  // One behind each token at most, and what PutPositions writes beyond.
  const size_t positions_max = stream.size() / 2 + 64;
  if (heads_.size() < positions_max) {
    heads_.resize(2 * positions_max);
    tails_.resize(2 * positions_max);
  }
  const Counts found =
      HWY_DYNAMIC_DISPATCH(FindPositions)(glance, stream, heads_.data(), tails_.data());
  PickBegins(glance.heads, stream, found.heads);
  PickEnds(glance, stream, found.tails);
}

// In loops without branches, which would be guessed wrong at each key, and of local variables, which
// what is written cannot alias. By four bytes, then by the fifth.
void TokenFilter::PickBegins(const WordIndex::Table& heads, std::string_view stream,
                             size_t positions) {
  const char* const bytes = stream.data();
  const uint8_t* const places = heads.places.data();
  const uint32_t shift = heads.shift;
  uint32_t* const picked = heads_.data();
  size_t likely = 0;
  for (size_t i = 0; i < positions; ++i) {
    const uint32_t position = picked[i];
    const auto four = Load<uint32_t>(bytes + position - kHeadOffset);
    picked[likely] = position;
    likely += static_cast<size_t>(places[WordIndex::Table::At(four, shift)] != 0);
  }
  size_t begins = 0;
  for (size_t i = 0; i < likely; ++i) {
    const char* const last = bytes + picked[i];
    const char* const head = last - kHeadOffset;
    picked[begins] = picked[i] - (last[-2] == ' ' ? 1 : last[-3] == ' ' ? 2 : kHeadOffset);
    begins += static_cast<size_t>(heads.Has(Load<uint32_t>(head), head[4]));
  }
  begins_ = begins;
}

// Glance::MayEnd, written out: its members would be read again for each, a sixth of the whole search.
void TokenFilter::PickEnds(const WordIndex::Glance& glance, std::string_view stream,
                           size_t positions) {
  const char* const bytes = stream.data();
  const uint8_t* const places = glance.tails.places.data();
  const uint32_t shift = glance.tails.shift;
  const uint32_t offset = glance.tail_offset;
  const uint32_t byte_shift = glance.tail_shift;
  uint32_t* const picked = tails_.data();
  size_t ends = 0;
  for (size_t i = 0; i < positions; ++i) {
    const uint32_t end = picked[i];
    const uint32_t four = Load<uint32_t>(bytes + end - offset) >> byte_shift;
    picked[ends] = end;
    ends += static_cast<size_t>(places[WordIndex::Table::At(four, shift)] != 0);
  }
  ends_ = ends;
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
