// Which phrases have their key at a token: looked up when first asked for, so that only what lies
// near a trigger is looked at.
//
//   PhraseFinder finder(program);
//   finder.Reset(article);
//   finder.ForEach({.begin = first, .end = last + 1}, mark, [&](const PhraseHit& hit) { ... });
//
// Shape     a phrase that begins at token t has its key at most phrase_tokens_max - 1 tokens behind.
//           All that have the mark are found (phrase_set.h), and others. Phrases without a key
//           (keyless.h) are not found here.
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
  bool Any(TokenRange tokens, uint64_t mark, Wanted wanted) {
    if (!is_ready_) Prepare();
    for (uint32_t begin = tokens.begin; begin < tokens.end;) {
      const uint32_t number = begin / kBlock;
      const uint32_t end = std::min((number + 1) * kBlock, tokens.end);
      const uint64_t asked = ~uint64_t{0} >> (kBlock - (end - begin)) << begin % kBlock;
      const Block& block = blocks_[number];
      if ((asked & ~block.looked_up) != 0) LookUp(number, asked & ~block.looked_up);
      if ((block.marks & mark) != 0 && AnyOf(number, block.keyed & asked, mark, wanted))
        return true;
      begin = end;
    }
    return false;
  }

  template <typename Found>
  void ForEach(TokenRange tokens, uint64_t mark, Found found) {
    Any(tokens, mark, [&](const PhraseHit& hit) {
      found(hit);
      return false;
    });
  }

 private:
  static constexpr uint32_t kBlock = 64;  // tokens

  struct Block {
    uint64_t looked_up = 0;  // a bit a token
    uint64_t keyed = 0;      // those that have hits
    uint64_t marks = 0;      // of the hits' phrases
  };
  struct Slice {  // of hits_
    uint64_t marks;
    uint32_t begin;
    uint32_t end;
  };

  template <typename Wanted>
  bool AnyOf(uint32_t block, uint64_t tokens, uint64_t mark, Wanted wanted) const {
    const Slice* const slices = &slices_[size_t{block} * kBlock];
    for (; tokens != 0; tokens &= tokens - 1) {
      const Slice& slice = slices[std::countr_zero(tokens)];
      if ((slice.marks & mark) == 0) continue;
      if (std::any_of(&hits_[slice.begin], &hits_[slice.begin] + (slice.end - slice.begin),
                      wanted)) {
        return true;
      }
    }
    return false;
  }

  void Prepare();
  void LookUp(uint32_t block, uint64_t tokens);
  void Keep(const WordIndex::Probe& probe, uint32_t token);
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
