// The tokens of an article's fields, and the phrases found among them.
#ifndef TOCSIN_RULES_MATCH_ARTICLE_TOKENS_H_
#define TOCSIN_RULES_MATCH_ARTICLE_TOKENS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "rules/text/fold.h"
#include "rules/text/gaps.h"

namespace tocsin::rules {

// Lifetime: views a Folder until its next Append or Clear.
struct ArticleTokens {
  std::string_view stream;
  std::span<const uint32_t> bounds;  // begin and end of each token in the stream
  std::span<const Token> tokens;     // once the article is evaluated
  FieldTokens fields{};

  uint32_t size() const { return static_cast<uint32_t>(bounds.size() / 2); }
  std::string_view Folded(uint32_t token) const {
    const size_t at = size_t{2} * token;
    return {stream.data() + bounds[at], bounds[at + 1] - bounds[at]};
  }
  TokenRange FieldOf(uint32_t token) const {
    for (const TokenRange& field : fields) {
      if (token < field.end) return field;
    }
    return fields.back();
  }
};

// A phrase whose tokens stand in the article from `first` on; gaps and case are not looked at yet.
struct PhraseHit {
  uint32_t first;
  uint32_t phrase;
  friend auto operator<=>(const PhraseHit&, const PhraseHit&) = default;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_ARTICLE_TOKENS_H_
