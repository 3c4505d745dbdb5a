// Whether a sentence begins between two tokens, by what stands around them.
//
//   const auto known = SentenceBeginsIn(text, begin, end, [&](size_t at) { return IsAbbreviated(at); });
//
// Shape     [begin, end) lies between two tokens. is_suppressed: whether a sentence that would begin
//           at `at` does not, because an abbreviation stands before it. Single line breaks are
//           spaces. The answer is ICU's (sentences.h), by the rules of its root locale.
// Cost      a look-up a character; farther than the next letter it looks only past digits and signs.
// Threads   pure.
// Cites     UAX #29, SB4 to SB11: all of them decide by what is near.
// Why       ICU finds sentences from a text's beginning on: 100 µs an article, where a few gaps are
//           asked for.
#ifndef TOCSIN_RULES_TEXT_SENTENCE_RULES_H_
#define TOCSIN_RULES_TEXT_SENTENCE_RULES_H_

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <string_view>

namespace tocsin::rules {

bool SentenceBeginsIn(std::string_view text, size_t begin, size_t end,
                      absl::FunctionRef<bool(size_t at)> is_suppressed);

// Whether the character may end a sentence.
bool MayEndSentence(char32_t c);

// Whether a folded token is a letter by itself, behind which no sentence ends.
bool IsOneLetter(std::string_view folded);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_SENTENCE_RULES_H_
