// What a first glance beside a phrase's key sees, where the whole phrase need not be read.
//
//   const PhraseGlance glance = GlanceOf(phrase, key_token);
//   if (glance.MayBe(token)) ...    // the one that stands glance.beside tokens behind the key
//
// Shape     looks at the first four bytes of one other token, of the key itself if there is none.
// Cost      a few instructions and one load; of 25 phrases whose key stands in a text it leaves one.
// Threads   pure.
// Lifetime  the token must have kTokenSlack readable bytes behind it.
// Why       phrases and their words lie scattered: to read one that is not in the cache takes
//           longer than the rest of a look-up.
#ifndef TOCSIN_RULES_COMPILE_PHRASE_GLANCE_H_
#define TOCSIN_RULES_COMPILE_PHRASE_GLANCE_H_

#include <cstdint>
#include <string_view>

#include "rules/base/load.h"
#include "rules/query/ast.h"

namespace tocsin::rules {

struct PhraseGlance {
  uint32_t head = 0;  // the token's first bytes, zeros behind a shorter one
  uint32_t mask = 0;  // of what a wildcard leaves of it
  int32_t beside = 0;

  bool MayBe(std::string_view token) const { return MayBe(LoadHead<uint32_t>(token)); }
  bool MayBe(uint32_t head_of_token) const { return (head_of_token & mask) == head; }
};

PhraseGlance GlanceOf(const Phrase& phrase, uint32_t key_token);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PHRASE_GLANCE_H_
