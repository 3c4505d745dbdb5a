#include "rules/match/phrase_finder.h"

#include <string>
#include <string_view>

#include "rules/query/glob.h"

namespace tocsin::rules {

std::optional<uint32_t> ConfirmPhrase(const PhraseAtom& atom, const ArticleTokens& article,
                                      uint32_t key_token) {
  const std::vector<std::string>& patterns = atom.phrase.tokens;
  if (patterns.size() == 1 && !atom.has_wildcard) return key_token;
  const TokenRange field = article.FieldOf(key_token);
  if (key_token < field.begin + atom.key_token) return std::nullopt;
  const uint32_t first = key_token - atom.key_token;
  if (patterns.size() > field.end - first) return std::nullopt;
  for (uint32_t i = 0; i < patterns.size(); ++i) {
    const std::string_view token = article.Folded(first + i);
    if (!(atom.has_wildcard ? GlobMatches(patterns[i], token) : patterns[i] == token)) {
      return std::nullopt;
    }
  }
  return first;
}

void PhraseFinder::Reset(const ArticleTokens& article) {
  article_ = article;
  is_ready_ = false;
}

void PhraseFinder::LookUp(uint32_t token) {
  if (!is_ready_) {
    found_.assign(article_.size(), {});
    hits_.clear();
    is_ready_ = true;
  }
  Found& found = found_[token];
  found.begin = static_cast<uint32_t>(hits_.size());
  const std::string_view folded = article_.Folded(token);
  if (program_.words.IsLikely(folded)) {
    program_.words.ForEach(folded, [&](uint32_t phrase, bool is_sure) {
      if (is_sure) {
        hits_.push_back({.first = token, .phrase = phrase});
      } else if (const auto first = ConfirmPhrase(program_.phrases[phrase], article_, token)) {
        hits_.push_back({.first = *first, .phrase = phrase});
      }
    });
  }
  found.end = static_cast<uint32_t>(hits_.size());
}

}  // namespace tocsin::rules
