// Debris of UTF-8 punctuation that was read as cp1252, Latin-1 or cp1250 (DESIGN §4.2): a boundary, not letters.
//
//   if (const size_t length = DebrisLength(text, at, in_token, &leading); length > 0) at += length;
//
// Shape     text: valid UTF-8; at: the offset of a non-ASCII code point.
// Units     the length is in bytes; 0 where the text is what it seems.
// Threads   pure functions.
#ifndef TOCSIN_RULES_TEXT_DEBRIS_H_
#define TOCSIN_RULES_TEXT_DEBRIS_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin::rules {

// Whether a lone â before a word is an opening quote's debris. French, Romanian and Vietnamese have words that
// begin with â: in a text known to be in another language than English only other debris in the same text
// proves it. (No language ends words in â: behind a word, or alone, it always is debris.)
class LeadingDebris {
 public:
  LeadingDebris(std::string_view text, std::string_view language)
      : text_(text), language_(language) {}
  bool IsDebris();

 private:
  std::string_view text_;
  std::string_view language_;
  std::optional<bool> known_;
};

size_t DebrisLength(std::string_view text, size_t at, bool in_token, LeadingDebris* leading);

// The same for an â written as `a` and a combining circumflex, which ends at `end`.
bool IsLoneCircumflex(std::string_view text, size_t end, bool in_token, LeadingDebris* leading);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_DEBRIS_H_
