// Debris of UTF-8 punctuation that was read as cp1252, Latin-1 or cp1250 (DESIGN §4.2): a boundary,
// not letters.
//
//   if (MayBeDebris(c)) {
//     if (const auto behind = DebrisBehind(c, text, end, in_token, &leading)) at = end + *behind;
//   }
//
// Shape     text: valid UTF-8. Composed and taken apart, a text gives the same.
// Units     lengths in bytes.
// Threads   pure functions.
#ifndef TOCSIN_RULES_TEXT_DEBRIS_H_
#define TOCSIN_RULES_TEXT_DEBRIS_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin::rules {

// Whether a lone â before a word is an opening quote's debris. French, Romanian and Vietnamese have
// words that begin with â: in a text known to be in another language than English only other debris
// in the same text proves it. (No language ends words in â: behind a word, or alone, it always is
// debris.)
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

// Whether `c`, which ends at `end`, is debris; if so, how many bytes behind it are too. in_token:
// the letters before it belong to the same token.
std::optional<size_t> DebrisBehind(char32_t c, std::string_view text, size_t end, bool in_token,
                                   LeadingDebris* leading);

// The letter that debris begins with and that `base` and a combining `mark` compose to, if they do.
std::optional<char32_t> ComposedDebris(char base, char32_t mark);

inline bool MayBeDebris(char32_t c) { return c == U'â' || c == U'Ă' || c == U'Ĺ' || c == U'Â'; }

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_DEBRIS_H_
