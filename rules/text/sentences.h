// Where sentences end, by ICU with the abbreviations of the language (CLDR suppressions).
//
//   SentenceBreaker breaker;
//   ASSIGN_OR_RETURN(..., breaker.Find(text, "de", &ends));
//
// Shape     ends: ascending byte offsets at which a sentence starts behind another; the end of the
//           text is not among them. A single line break is no sentence end: real articles wrap
//           lines.
// Cost      Find about 30 ns a character; BeginsIn some 50 ns.
// Errors    Internal: ICU has no break data.
// Threads   one SentenceBreaker per thread.
// Cites     UAX #29, CLDR segmentation suppressions.
#ifndef TOCSIN_RULES_TEXT_SENTENCES_H_
#define TOCSIN_RULES_TEXT_SENTENCES_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

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

  // Whether one starts in [begin + 1, end], of which [begin, end) lies between two tokens; only for
  // languages that HasRootRules.
  absl::StatusOr<bool> BeginsIn(std::string_view text, std::string_view language, size_t begin,
                                size_t end);

  // Greek alone has rules of its own: its question mark is a semicolon.
  static bool HasRootRules(std::string_view language);

  absl::Status Find(std::string_view text, std::string_view language, std::vector<uint32_t>* ends);

 private:
  struct Iterator;
  absl::Status IteratorFor(std::string_view language, Iterator** iterator);

  std::map<std::string, std::unique_ptr<Iterator>, std::less<>> iterators_;
  std::string latest_language_;
  Iterator* latest_ = nullptr;  // of latest_language_
  std::string unwrapped_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_SENTENCES_H_
