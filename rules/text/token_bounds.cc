#include "rules/text/token_bounds.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rules/text/token_bounds.cc"
#include <hwy/foreach_target.h>
// foreach_target.h comes first: it includes this file once a target.
#include <hwy/highway.h>

#include "rules/text/token_bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tocsin::rules {
namespace HWY_NAMESPACE {

size_t FindBounds(std::string_view stream, uint32_t* bounds) {
  uint32_t* out = bounds;
  uint64_t in_token = 0;
  ForEachBlock(stream, [&](size_t at, uint64_t tokens) {
    out = PutManyPositions(tokens ^ (tokens << 1 | in_token), static_cast<uint32_t>(at), out);
    in_token = tokens >> 63;
  });
  return static_cast<size_t>(out - bounds);
}

}  // namespace HWY_NAMESPACE
}  // namespace tocsin::rules
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tocsin::rules {
namespace {

HWY_EXPORT(FindBounds);

}  // namespace

size_t FindTokenBounds(std::string_view stream, uint32_t* bounds) {
  return HWY_DYNAMIC_DISPATCH(FindBounds)(stream, bounds);
}

}  // namespace tocsin::rules
#endif  // HWY_ONCE
