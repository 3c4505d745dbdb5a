#include "rules/compile/word_share.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "rules/compile/common_words.h"
#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

// By letters: measured over the words of English news that are on no list of common words.
constexpr std::array<double, 12> kShares = {0.5,   0.3,   0.2,   0.05,  0.03,  0.02,
                                            0.015, 0.012, 0.009, 0.007, 0.005, 0.003};

}  // namespace

double TokenShare(std::string_view token) {
  const bool has_wildcard = token.find_first_of("*?") != std::string_view::npos;
  if (!has_wildcard && IsCommonWord(token)) return 0.5;
  size_t letters = 0;
  size_t at = 0;
  bool is_ideographic = false;
  while (at < token.size()) {
    is_ideographic |= CharTable::Get().Lookup(NextCodePoint(token, &at)).kind == CharKind::kCluster;
    ++letters;
  }
  // A character is a word of an alphabet's four letters or so.
  if (is_ideographic) letters *= 4;
  if (has_wildcard) --letters;
  const double share = kShares[std::min(letters, kShares.size() - 1)];
  return has_wildcard ? std::min(1.0, 3 * share) : share;
}

double PhraseShare(const Phrase& phrase) {
  constexpr double kBesideAnother = 0.2;
  constexpr double kWritten = 0.2;
  double rarest = 1;
  for (const std::string& token : phrase.tokens) rarest = std::min(rarest, TokenShare(token));
  const double beside = std::pow(kBesideAnother, static_cast<double>(phrase.tokens.size() - 1));
  return rarest * beside * (phrase.written.empty() ? 1 : kWritten);
}

}  // namespace tocsin::rules
