// What lies between two tokens (DESIGN §4.3), and so whether a phrase or a proximity may reach
// across.
//
//   Gaps gaps;
//   gaps.Reset(document, folder.stream(), folder.tokens(), fields);
//   const bool is_phrase = gaps.Widest(first_token, last_token, Gap::kSpace) <= Gap::kSpace;
//   RETURN_IF_ERROR(gaps.status());      // before any of the answers is believed
//
// Shape     tokens of all fields in order; fields: the token range of each.
// Cost      a gap is classified when first asked for, and so is the end of a sentence in it, by what
//           stands around it; where that does not decide (sentences.h), all sentences of the field
//           are found at once.
// Errors    status() keeps the first since Reset, until which the answers hold. Internal: ICU failed.
// Threads   one Gaps per thread.
// Lifetime  views the document and the tokens given to Reset.
#ifndef TOCSIN_RULES_TEXT_GAPS_H_
#define TOCSIN_RULES_TEXT_GAPS_H_

#include <absl/status/status.h>

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

struct TokenRun {
  uint32_t first = 1;
  uint32_t last = 0;  // included; before `first`: none
};

class Gaps {
 public:
  void Reset(const Document& document, std::string_view stream, std::span<const Token> tokens,
             const FieldTokens& fields);

  // The gap between tokens[index] and the next one.
  Gap Behind(uint32_t index) {
    if (known_[index] == 0) known_[index] = static_cast<uint8_t>(Classify(index)) + 1;
    return static_cast<Gap>(known_[index] - 1);
  }

  // The widest gap inside tokens [first, last]; stops looking beyond `limit`.
  Gap Widest(uint32_t first, uint32_t last, Gap limit);

  // The tokens that can be reached from `token` without a gap wider than `limit`: kPunctuation
  // keeps to the sentence, kSentence to the paragraph, kParagraph to the field.
  TokenRun RunOf(uint32_t token, Gap limit) {
    if (limit >= Gap::kParagraph) return RunOfField(token);
    TokenRun& latest = latest_[limit == Gap::kSentence ? 1 : 0];
    // Those who ask go through the text in order: the latest answer is mostly the next one too.
    if (token < latest.first || token > latest.last) latest = FindRun(token, limit);
    return latest;
  }

  Field FieldOf(uint32_t token) const;

  const absl::Status& status() const { return status_; }

 private:
  struct FieldState {
    bool sentences_known = false;
    std::optional<bool> has_blank_line;
    std::vector<uint32_t> sentence_begins;
  };

  TokenRun RunOfField(uint32_t token) const;
  TokenRun FindRun(uint32_t token, Gap limit);
  Gap Classify(uint32_t index);
  bool SentenceEnds(uint32_t index, Field field);
  void FindSentences(Field field);
  bool FieldHasBlankLine(Field field);
  std::string_view Folded(uint32_t index) const;

  const Document* document_ = nullptr;
  std::string_view stream_;
  std::span<const Token> tokens_;
  FieldTokens field_tokens_{};
  std::vector<uint8_t> known_;  // Gap + 1, or 0
  std::array<FieldState, kFieldCount> fields_;
  std::array<TokenRun, 2> latest_;  // the sentence and the paragraph asked for last
  SentenceBreaker breaker_;
  absl::Status status_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_GAPS_H_
