// Where sentences end, by ICU with the abbreviations of the language (CLDR suppressions).
//
//   SentenceBreaker breaker;
//   ASSIGN_OR_RETURN(..., breaker.Find(text, "de", &ends));
//
// Shape     ends: ascending byte offsets at which a sentence starts behind another; the end of the
// text is not
//           among them. A single line break is no sentence end: real articles wrap lines.
// Cost      about 30 ns a character: only for articles that may match.
// Errors    Internal: ICU has no break data.
// Threads   one SentenceBreaker per thread.
// Cites     UAX #29, CLDR segmentation suppressions.
#ifndef TOCSIN_RULES_TEXT_SENTENCES_H_
#define TOCSIN_RULES_TEXT_SENTENCES_H_

#include <absl/status/status.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

class SentenceBreaker {
 public:
  SentenceBreaker();
  SentenceBreaker(SentenceBreaker&&) noexcept;
  SentenceBreaker& operator=(SentenceBreaker&&) noexcept;
  ~SentenceBreaker();

  absl::Status Find(std::string_view text, std::string_view language, std::vector<uint32_t>* ends);

 private:
  struct Iterator;
  absl::Status IteratorFor(std::string_view language, Iterator** iterator);

  std::map<std::string, std::unique_ptr<Iterator>, std::less<>> iterators_;
  std::string unwrapped_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_SENTENCES_H_
