// Debris of UTF-8 punctuation that was read as cp1252, Latin-1 or cp1250 (DESIGN §4.2): a boundary,
// not letters.
//
//   Debris debris(text, language);
//   if (MayBeDebris(c)) {
//     if (const auto behind = debris.Behind(c, end, in_token)) at = end + *behind;
//   }
//
// Shape     text: valid UTF-8. Composed and taken apart, a text gives the same.
// Units     lengths in bytes.
// Cost      linear in the text, whatever it holds, if asked from its begin to its end.
// Threads   one at a time.
// Lifetime  the text outlives it.
#ifndef TOCSIN_RULES_TEXT_DEBRIS_H_
#define TOCSIN_RULES_TEXT_DEBRIS_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin::rules {

class Debris {
 public:
  Debris(std::string_view text, std::string_view language) : text_(text), language_(language) {}

  // Whether `c`, which ends at `end`, is debris; if so, how many bytes behind it are too. in_token:
  // the letters before it belong to the same token.
  std::optional<size_t> Behind(char32_t c, size_t end, bool in_token);

 private:
  bool IsLone(size_t end, bool in_token);
  bool IsBeforeWords();
  bool IsWordBehindRow(size_t at);

  std::string_view text_;
  std::string_view language_;
  std::optional<bool> is_before_words_;
  size_t row_begin_ = 1;  // the row of â read last: else all of it is read for each of them
  size_t row_end_ = 0;
  bool is_word_behind_row_ = false;
};

// The letter that debris begins with and that `base` and a combining `mark` compose to, if they do.
std::optional<char32_t> ComposedDebris(char base, char32_t mark);

inline bool MayBeDebris(char32_t c) { return c == U'â' || c == U'Ă' || c == U'Ĺ' || c == U'Â'; }

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_DEBRIS_H_
