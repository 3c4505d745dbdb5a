// Words and phrases of a query to folded tokens, by the same fold as the text.
//
//   std::string what, mend;
//   auto forms = WordForms("cease-fire", &what, &mend);   // {{"cease","fire"}, {"ceasefire"}}
//
// Shape     a form is a list of tokens with wildcards left in place; a hyphenated word has two:
//           apart and joined.
// Errors    nullopt, and what is wrong with the word and how to mend it.
// Threads   pure functions.
#ifndef TOCSIN_RULES_QUERY_WORDS_H_
#define TOCSIN_RULES_QUERY_WORDS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/query/ast.h"

namespace tocsin::rules {

using Form = std::vector<std::string>;

std::optional<std::vector<Form>> WordForms(std::string_view word, std::string* what,
                                           std::string* mend);

// A quoted phrase: every combination of its words' forms.
std::optional<std::vector<Form>> PhraseForms(std::string_view phrase, std::string* what,
                                             std::string* mend);

// The widest gap between the words of a phrase: the end of a sentence only where it is written with what
// may end one, as St. Louis is. In a phrase with wildcards a question mark is one.
Gap GapOf(std::string_view phrase, bool has_wildcards);

// Whether the text of braces, which take no wildcards, was meant to have one: Turk*, but not M*A*S*H.
bool HasWildcard(std::string_view written);

// {Turkey}: tokens, and what they must look like in the source.
std::optional<Phrase> CasedPhrase(std::string_view text, std::string* what, std::string* mend);

constexpr bool IsWildcard(char c) { return c == '*' || c == '?'; }

// Of a folded token, its wildcards left out.
size_t LetterCount(std::string_view token);

// What {Turkey} compares: the NFC form of a text without what the fold drops (soft hyphens,
// tatweel).
std::string AsWritten(std::string_view text);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_QUERY_WORDS_H_
