// The commonest words of the languages that rules are written for: a rule triggered by one of them
// is looked at in nearly every article.
//
//   if (IsCommonWord("the")) ...
//   if (IsNewsWord("economic")) ...    // of English: less common, but more than its letters let expect
//
// Shape     word: folded.
// Cost      one look-up; the table is built when first asked.
// Threads   share freely.
#ifndef TOCSIN_RULES_COMPILE_COMMON_WORDS_H_
#define TOCSIN_RULES_COMPILE_COMMON_WORDS_H_

#include <string_view>

namespace tocsin::rules {

bool IsCommonWord(std::string_view word);
bool IsNewsWord(std::string_view word);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_COMMON_WORDS_H_
