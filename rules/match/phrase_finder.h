// Which phrases have their key at a token: looked up when first asked for, so that only what lies
// near a trigger is looked at.
//
//   PhraseFinder finder(program);
//   finder.Reset(article);
//   finder.ForEach({.begin = first, .end = last + 1}, [&](const PhraseHit& hit) { ... });
//
// Shape     a phrase that begins at token t has its key at most phrase_tokens_max - 1 tokens behind.
//           Phrases without a key (keyless.h) are not found here.
// Cost      about 10 ns a token, once.
// Threads   one a thread.
// Lifetime  views the program, and the article until the next Reset.
#ifndef TOCSIN_RULES_MATCH_PHRASE_FINDER_H_
#define TOCSIN_RULES_MATCH_PHRASE_FINDER_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
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

  // Whether wanted(hit) of a phrase that has its key at one of the tokens; asks up to the first.
  // wanted may not look for more.
  template <typename Wanted>
  bool Any(TokenRange tokens, Wanted wanted) {
    if (!is_ready_) Prepare();
    for (uint32_t begin = tokens.begin; begin < tokens.end;) {
      const uint32_t block = begin / kBlock;
      const uint32_t end = std::min((block + 1) * kBlock, tokens.end);
      const uint64_t asked = ~uint64_t{0} >> (kBlock - (end - begin)) << begin % kBlock;
      Block& known = blocks_[block];
      if ((asked & ~known.looked_up) != 0) LookUp(block, asked & ~known.looked_up);
      for (uint64_t keyed = known.keyed & asked; keyed != 0; keyed &= keyed - 1) {
        const auto token = block * kBlock + static_cast<uint32_t>(std::countr_zero(keyed));
        for (uint32_t i = slices_[token].begin; i < slices_[token].end; ++i) {
          if (wanted(hits_[i])) return true;
        }
      }
      begin = end;
    }
    return false;
  }

  template <typename Found>
  void ForEach(TokenRange tokens, Found found) {
    Any(tokens, [&](const PhraseHit& hit) {
      found(hit);
      return false;
    });
  }

 private:
  static constexpr uint32_t kBlock = 64;  // tokens

  struct Block {
    uint64_t looked_up = 0;  // a bit a token
    uint64_t keyed = 0;      // those that have hits
  };
  struct Slice {  // of hits_
    uint32_t begin;
    uint32_t end;
  };

  void Prepare();
  void LookUp(uint32_t block, uint64_t tokens);
  bool MayStand(const PhraseGlance& glance, uint32_t key_token) const;

  const Program& program_;
  ArticleTokens article_;
  bool is_ready_ = false;  // most articles hold nothing to look near
  std::vector<Block> blocks_;
  std::vector<Slice> slices_;  // by token; of those that are keyed
  std::vector<PhraseHit> hits_;
  std::array<WordIndex::Probe, kBlock> probes_;  // of the tokens that are looked up
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_PHRASE_FINDER_H_
