// Which tokens may be keys of a WordIndex, by a glance at their first bytes and their last ones.
//
//   const size_t count = FindCandidates(words.glance(), stream, bounds, tokens, candidates);
//
// Shape     bounds: begin and end of each token, bytes of the stream, which must be readable
//           kTokenSlack bytes before and behind. candidates: room for `tokens` numbers and
//           kCandidateSlack more; ascending.
// Cost      about three cycles a token with gathers (AVX2, AVX-512), ten without.
// Threads   pure.
#ifndef TOCSIN_RULES_MATCH_TOKEN_FILTER_H_
#define TOCSIN_RULES_MATCH_TOKEN_FILTER_H_

#include <cstddef>
#include <cstdint>

#include "rules/compile/word_index.h"

namespace tocsin::rules {

inline constexpr size_t kCandidateSlack = 64;

size_t FindCandidates(const WordIndex::Glance& glance, const char* stream, const uint32_t* bounds,
                      size_t tokens, uint32_t* candidates);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_TOKEN_FILTER_H_
