// Where the tokens of a folded stream begin and end.
//
//   std::vector<uint32_t> bounds(stream.size() + kBoundsSlack);
//   const size_t count = FindTokenBounds(stream, bounds.data());
//   // token i of count / 2 is bytes [bounds[2 * i], bounds[2 * i + 1])
//
// Shape     stream: ends in a space (fold.h).
// Cost      about two cycles a token.
// Threads   pure.
#ifndef TOCSIN_RULES_TEXT_TOKEN_BOUNDS_H_
#define TOCSIN_RULES_TEXT_TOKEN_BOUNDS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin::rules {

inline constexpr size_t kBoundsSlack = 64;

size_t FindTokenBounds(std::string_view stream, uint32_t* bounds);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_TOKEN_BOUNDS_H_
