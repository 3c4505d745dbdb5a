#include "rules/query/glob.h"

#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

bool CoversToken(std::string_view pattern, std::string_view token) {
  if (pattern == token) return true;
  const bool unsure =
      pattern.find('?') != std::string_view::npos && token.find('*') != std::string_view::npos;
  return !unsure && GlobMatches(pattern, token);
}

}  // namespace

// Classic greedy glob: on a mismatch the last star takes one code point more.
bool GlobMatches(std::string_view pattern, std::string_view token) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t star_token = 0;
  while (t < token.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_token = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      NextCodePoint(token, &t);
    } else if (p < pattern.size() && pattern[p] == token[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      NextCodePoint(token, &star_token);
      t = star_token;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool Covers(const Phrase& phrase, const Phrase& other) {
  if (phrase.tokens.size() != other.tokens.size()) return false;
  if (!phrase.written.empty() && phrase.written != other.written) return false;
  if (phrase.tokens.size() > 1 && phrase.gap_max < other.gap_max) return false;
  for (size_t i = 0; i < phrase.tokens.size(); ++i) {
    if (!CoversToken(phrase.tokens[i], other.tokens[i])) return false;
  }
  return true;
}

}  // namespace tocsin::rules
