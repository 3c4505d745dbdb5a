// What lies between two tokens (DESIGN §4.3), and so whether a phrase or a proximity may reach
// across.
//
//   Gaps gaps;
//   gaps.Reset(document, folder.stream(), folder.tokens(), fields);
//   ASSIGN_OR_RETURN(const Gap widest, gaps.Widest(first_token, last_token, Gap::kSpace));
//
// Shape     tokens of all fields in order; fields: the token range of each.
// Cost      a gap is classified when first asked for, and so is the end of a sentence in it, by
// what stands around it; where that does not decide (sentences.h), all sentences of the field are
//           found at once.
// Errors    Internal: ICU failed.
// Threads   one Gaps per thread.
// Lifetime  views the document and the tokens given to Reset.
#ifndef TOCSIN_RULES_TEXT_GAPS_H_
#define TOCSIN_RULES_TEXT_GAPS_H_

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <optional>
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

  // The first token from which `token` can be reached so.
  absl::StatusOr<uint32_t> RunBegin(uint32_t token, Gap limit);

  Field FieldOf(uint32_t token) const;

 private:
  struct FieldState {
    bool sentences_known = false;
    std::optional<bool> has_blank_line;
    std::vector<uint32_t> sentence_begins;
  };

  struct Run {
    uint32_t first = 1;
    uint32_t last = 0;  // before `first`: none
  };

  absl::StatusOr<Run> RunOf(uint32_t token, Gap limit);
  absl::StatusOr<Gap> Classify(uint32_t index);
  absl::StatusOr<bool> SentenceEnds(uint32_t index, Field field);
  absl::Status FindSentences(Field field);
  bool FieldHasBlankLine(Field field);
  std::string_view Folded(uint32_t index) const;

  const Document* document_ = nullptr;
  std::string_view stream_;
  std::span<const Token> tokens_;
  FieldTokens field_tokens_{};
  std::vector<uint8_t> known_;  // Gap + 1, or 0
  std::array<FieldState, kFieldCount> fields_;
  std::array<Run, 2> latest_;  // the sentence and the paragraph asked for last
  SentenceBreaker breaker_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_GAPS_H_
