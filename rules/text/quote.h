// Byte spans of a rendering as W3C Web Annotation selectors (TextPositionSelector,
// TextQuoteSelector).
//
//   Quoter quoter;
//   quoter.Reset(body);
//   Quote quote = quoter.Cut(span.begin, span.end);
//
// Shape     text: valid UTF-8. prefix and suffix: up to 32 code points, cut at the ends of the
//           text.
// Units     begin, end (in): bytes. start, end (out): Unicode code points, end exclusive.
// Cost      linear in the distance from the last span cut; going back starts over.
// Lifetime  a Quote views the text given to Reset.
#ifndef TOCSIN_RULES_TEXT_QUOTE_H_
#define TOCSIN_RULES_TEXT_QUOTE_H_

#include <cstddef>
#include <string_view>

namespace tocsin::rules {

struct Quote {
  size_t start;
  size_t end;
  std::string_view exact;
  std::string_view prefix;
  std::string_view suffix;
};

class Quoter {
 public:
  void Reset(std::string_view text);
  Quote Cut(size_t begin, size_t end);

 private:
  std::string_view text_;
  size_t byte_ = 0;
  size_t code_point_ = 0;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_QUOTE_H_
