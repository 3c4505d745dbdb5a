// The tokens of an article's fields, and the phrases found among them.
#ifndef TOCSIN_RULES_MATCH_ARTICLE_TOKENS_H_
#define TOCSIN_RULES_MATCH_ARTICLE_TOKENS_H_

#include <algorithm>
#include <array>
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
  // field_ends: of the folder's stream, once each field was appended.
  static ArticleTokens Of(Folder* folder, const std::array<size_t, kFieldCount>& field_ends) {
    ArticleTokens article = {.stream = folder->stream(), .bounds = folder->bounds()};
    uint32_t begin = 0;
    for (size_t i = 0; i < field_ends.size(); ++i) {
      const auto end =
          std::lower_bound(article.bounds.begin(), article.bounds.end(), field_ends[i]);
      article.fields[i] = {begin, static_cast<uint32_t>(end - article.bounds.begin()) / 2};
      begin = article.fields[i].end;
    }
    return article;
  }

  std::string_view stream;
  std::span<const uint32_t> bounds;  // begin and end of each token in the stream
  std::span<const Token> tokens;     // once the article is evaluated
  FieldTokens fields{};

  uint32_t size() const { return static_cast<uint32_t>(bounds.size() / 2); }
  std::string_view Folded(uint32_t token) const {
    const size_t at = size_t{2} * token;
    return {stream.data() + bounds[at], bounds[at + 1] - bounds[at]};
  }
  // The token that a byte of the stream belongs to.
  uint32_t TokenAt(size_t byte) const {
    // std::upper_bound would branch, and guess every other one wrong.
    uint32_t token = 0;
    for (uint32_t left = size(); left > 1;) {
      const uint32_t half = left / 2;
      token += bounds[size_t{2} * (token + half)] <= byte ? half : 0;
      left -= half;
    }
    return token;
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
