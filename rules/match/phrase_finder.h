// Which phrases have their key at a token: looked up when first asked for, so that only what lies
// near a trigger is looked at.
//
//   PhraseFinder finder(program);
//   finder.Reset(article);
//   for (const PhraseHit& hit : finder.KeyedAt(token)) ...
//
// Shape     a phrase that begins at token t has its key at most phrase_tokens_max - 1 tokens behind.
//           Phrases without a key (keyless.h) are not found here.
// Cost      about 10 ns a token, once.
// Threads   one a thread.
// Lifetime  views the program, and the article until the next Reset.
#ifndef TOCSIN_RULES_MATCH_PHRASE_FINDER_H_
#define TOCSIN_RULES_MATCH_PHRASE_FINDER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/compile/program.h"
#include "rules/match/article_tokens.h"

namespace tocsin::rules {

// The first token of the phrase whose key is `key_token`, if its tokens stand around it.
std::optional<uint32_t> ConfirmPhrase(const PhraseAtom& atom, const ArticleTokens& article,
                                      uint32_t key_token);

class PhraseFinder {
 public:
  explicit PhraseFinder(const Program& program) : program_(program) {}

  void Reset(const ArticleTokens& article);

  // Valid until the next call.
  std::span<const PhraseHit> KeyedAt(uint32_t token) {
    if (!is_ready_ || found_[token].begin == kUnknown) LookUp(token);
    const Found& found = found_[token];
    return {hits_.data() + found.begin, hits_.data() + found.end};
  }

 private:
  struct Found {
    uint32_t begin = kUnknown;  // into hits_
    uint32_t end = 0;
  };
  static constexpr uint32_t kUnknown = UINT32_MAX;

  void LookUp(uint32_t token);

  const Program& program_;
  ArticleTokens article_;
  bool is_ready_ = false;     // most articles hold nothing to look near
  std::vector<Found> found_;  // by token
  std::vector<PhraseHit> hits_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_PHRASE_FINDER_H_
