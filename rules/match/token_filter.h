// Which tokens may be keys of a WordIndex, by a glance at their first bytes and their last ones.
//
//   TokenFilter filter;
//   filter.Find(words.glance(), folder.stream());
//   for (const uint32_t begin : filter.begins()) ...    // of tokens that may begin with a key
//   for (const uint32_t end : filter.ends()) ...        // of tokens that may end in one
//
// Shape     stream: as a Folder leaves it. Both ascend.
// Units     bytes of the stream, ends exclusive.
// Cost      three instructions a byte to list the tokens that are as long as keys, and twelve for each
//           of them, in loops that neither branch at a token, which would be guessed wrong, nor wait for
//           one; where there is AVX-512 VBMI twelve for a quarter of them (byte_sets.h). No allocation
//           once the buffers have grown.
// Threads   one TokenFilter a thread.
// Lifetime  both are valid until the next Find.
#ifndef TOCSIN_RULES_MATCH_TOKEN_FILTER_H_
#define TOCSIN_RULES_MATCH_TOKEN_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/compile/word_index.h"

namespace tocsin::rules {

class TokenFilter {
 public:
  void Find(const WordIndex::Glance& glance, std::string_view stream);

  std::span<const uint32_t> begins() const { return {heads_.data(), begins_}; }
  std::span<const uint32_t> ends() const { return {tails_.data(), ends_}; }

 private:
  void PickBegins(const WordIndex::Table& heads, std::string_view stream, size_t positions);
  void PickEnds(const WordIndex::Glance& glance, std::string_view stream, size_t positions);

  std::vector<uint32_t> heads_;
  std::vector<uint32_t> tails_;
  size_t begins_ = 0;
  size_t ends_ = 0;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_TOKEN_FILTER_H_
