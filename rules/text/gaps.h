// What lies between two tokens (DESIGN §4.3), and so whether a phrase or a proximity may reach
// across.
//
//   Gaps gaps;
//   gaps.Reset(document, folder.stream(), folder.tokens(), fields);
//   ASSIGN_OR_RETURN(const Gap widest, gaps.Widest(first_token, last_token, Gap::kSpace));
//
// Shape     tokens of all fields in order; fields: the token range of each.
// Cost      a gap is classified when first asked for; sentences are found once a field, and only if
// a gap holds
//           what may end one.
// Errors    Internal: ICU failed.
// Threads   one Gaps per thread.
// Lifetime  views the document and the tokens given to Reset.
#ifndef TOCSIN_RULES_TEXT_GAPS_H_
#define TOCSIN_RULES_TEXT_GAPS_H_

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/document.h"
#include "rules/text/fold.h"
#include "rules/text/sentences.h"

namespace tocsin::rules {

enum class Gap : uint8_t {
  kJoiner,       // hyphen, apostrophe, period between single letters, nothing at all
  kSpace,        // or one line break
  kPunctuation,  // other
  kSentence,
  kParagraph,
  kField,
};

struct TokenRange {
  uint32_t begin;
  uint32_t end;
};
using FieldTokens = std::array<TokenRange, kFieldCount>;

class Gaps {
 public:
  void Reset(const Document& document, std::string_view stream, std::span<const Token> tokens,
             const FieldTokens& fields);

  // The gap between tokens[index] and the next one.
  absl::StatusOr<Gap> Behind(uint32_t index);

  // The widest gap inside tokens [first, last]; stops looking beyond `limit`.
  absl::StatusOr<Gap> Widest(uint32_t first, uint32_t last, Gap limit);

  // The last token that can be reached from `token` without a gap wider than `limit`: kPunctuation
  // keeps to the sentence, kSentence to the paragraph, kParagraph to the field.
  absl::StatusOr<uint32_t> RunEnd(uint32_t token, Gap limit);

  Field FieldOf(uint32_t token) const;

 private:
  struct FieldState {
    bool sentences_known = false;
    bool has_blank_line = false;
    std::vector<uint32_t> sentence_begins;
  };

  absl::Status FindRuns(Gap limit, std::vector<uint32_t>* ends);
  absl::StatusOr<Gap> Classify(uint32_t index);
  absl::StatusOr<bool> SentenceEnds(uint32_t index, Field field);
  absl::Status FindSentences(Field field);
  std::string_view Folded(uint32_t index) const;

  const Document* document_ = nullptr;
  std::string_view stream_;
  std::span<const Token> tokens_;
  FieldTokens field_tokens_{};
  std::vector<uint8_t> known_;  // Gap + 1, or 0
  std::array<FieldState, kFieldCount> fields_;
  std::vector<uint32_t> sentence_ends_;  // by token; empty until asked for
  std::vector<uint32_t> paragraph_ends_;
  SentenceBreaker breaker_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_GAPS_H_
