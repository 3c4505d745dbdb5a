#include "rules/compile/phrase_glance.h"

#include <algorithm>
#include <array>
#include <bit>

namespace tocsin::rules {
namespace {

constexpr size_t kHeadBytes = 4;

PhraseGlance GlanceAt(std::string_view token, int32_t beside) {
  const size_t wildcard = token.find_first_of("*?");
  std::array<char, kHeadBytes> head{};
  std::copy_n(token.begin(), std::min({token.size(), wildcard, kHeadBytes}), head.begin());
  const size_t known = std::min(wildcard, kHeadBytes);
  return {.head = std::bit_cast<uint32_t>(head),
          .mask = known == kHeadBytes ? UINT32_MAX : (uint32_t{1} << 8 * known) - 1,
          .beside = beside};
}

}  // namespace

PhraseGlance GlanceOf(const Phrase& phrase, uint32_t key_token) {
  PhraseGlance best = GlanceAt(phrase.tokens[key_token], 0);
  bool has_best = false;
  for (uint32_t i = 0; i < phrase.tokens.size(); ++i) {
    if (i == key_token) continue;
    const PhraseGlance glance =
        GlanceAt(phrase.tokens[i], static_cast<int32_t>(i) - static_cast<int32_t>(key_token));
    if (has_best && std::popcount(glance.mask) <= std::popcount(best.mask)) continue;
    best = glance;
    has_best = true;
  }
  return best;
}

}  // namespace tocsin::rules
