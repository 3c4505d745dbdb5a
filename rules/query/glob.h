// Wildcards of a query's word: `*` for any letters, `?` for one.
//
//   GlobMatches("cease*", "ceasefires")   // true
//   Covers(phrase, other)                 // whatever `other` finds, `phrase` finds too
//
// Shape     folded tokens.
// Cost      linear but for several stars in one word.
// Threads   pure functions.
#ifndef TOCSIN_RULES_QUERY_GLOB_H_
#define TOCSIN_RULES_QUERY_GLOB_H_

#include <string_view>

#include "rules/query/ast.h"

namespace tocsin::rules {

bool GlobMatches(std::string_view pattern, std::string_view token);

// False where it cannot be told: a `?` against a `*`.
bool Covers(const Phrase& phrase, const Phrase& other);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_QUERY_GLOB_H_
