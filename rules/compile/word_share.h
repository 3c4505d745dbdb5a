// About how many articles hold a word: what tells a rare word from a common one when an anchor is
// chosen.
//
//   TokenShare("the") > TokenShare("war") > TokenShare("armistice")
//
// Shape     a guess by length and the lists of common words; a token may hold wildcards.
// Units     share of articles, 0 to 1.
#ifndef TOCSIN_RULES_COMPILE_WORD_SHARE_H_
#define TOCSIN_RULES_COMPILE_WORD_SHARE_H_

#include <string_view>

#include "rules/query/ast.h"

namespace tocsin::rules {

double TokenShare(std::string_view token);
double PhraseShare(const Phrase& phrase);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_WORD_SHARE_H_
