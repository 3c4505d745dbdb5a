#include "rules/match/phrase_finder.h"

#include <array>
#include <span>
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

void PhraseFinder::Prepare() {
  blocks_.assign(article_.size() / kBlock + 1, {});
  if (slices_.size() < article_.size()) slices_.resize(size_t{2} * article_.size());
  hits_.clear();
  is_ready_ = true;
}

// First which tokens are keys at all, in a loop without branches that would be guessed wrong.
void PhraseFinder::LookUp(uint32_t block, uint64_t tokens) {
  blocks_[block].looked_up |= tokens;
  std::array<uint32_t, kBlock> keys;
  size_t count = 0;
  for (; tokens != 0; tokens &= tokens - 1) {
    const uint32_t token = block * kBlock + static_cast<uint32_t>(std::countr_zero(tokens));
    keys[count] = token;
    probes_[count].token = article_.Folded(token);
    count += static_cast<size_t>(program_.words.IsLikely(&probes_[count]));
  }
  program_.words.LookUp(std::span(probes_).first(count));
  for (size_t i = 0; i < count; ++i) Keep(probes_[i], keys[i]);
}

void PhraseFinder::Keep(const WordIndex::Probe& probe, uint32_t token) {
  Slice slice = {.marks = 0, .begin = static_cast<uint32_t>(hits_.size()), .end = 0};
  const auto keep = [&](uint32_t first, uint32_t phrase) {
    hits_.push_back({.first = first, .phrase = phrase});
    slice.marks |= program_.phrase_marks[phrase];
  };
  program_.words.ForEach(probe, [&](const PhraseUse& use) {
    if (use.is_sure) {
      keep(token, use.phrase);
    } else if (MayStand(use.glance, token)) {
      const auto first = ConfirmPhrase(program_.phrases[use.phrase], article_, token);
      if (first) keep(*first, use.phrase);
    }
  });
  slice.end = static_cast<uint32_t>(hits_.size());
  slices_[token] = slice;
  Block& block = blocks_[token / kBlock];
  block.keyed |= uint64_t{slice.end > slice.begin} << token % kBlock;
  block.marks |= slice.marks;
}

bool PhraseFinder::MayStand(const PhraseGlance& glance, uint32_t key_token) const {
  const uint32_t token = key_token + static_cast<uint32_t>(glance.beside);
  return token < article_.size() && glance.MayBe(article_.Folded(token));
}

}  // namespace tocsin::rules
