#include "rules/match/stream_phrase.h"

#include <bit>
#include <string>
#include <vector>

#include "rules/base/load.h"
#include "rules/query/glob.h"

namespace tocsin::rules {
namespace {

// The highest bit of each byte that is no more than a space. One more than a space, which a loan from
// below would make one, stands in no stream.
uint64_t SeparatorsIn(uint64_t bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  return (bytes - kOnes * (' ' + 1)) & ~bytes & kOnes * 0x80;
}

}  // namespace

uint32_t TokenEnd(std::string_view stream, uint32_t begin) {
  for (uint32_t at = begin;; at += sizeof(uint64_t)) {
    const uint64_t separators = SeparatorsIn(Load<uint64_t>(stream.data() + at));
    if (separators != 0) return at + static_cast<uint32_t>(std::countr_zero(separators)) / 8;
  }
}

uint32_t TokenBegin(std::string_view stream, uint32_t end) {
  for (uint32_t at = end;; at -= sizeof(uint64_t)) {
    const uint64_t separators = SeparatorsIn(Load<uint64_t>(stream.data() + at - sizeof(uint64_t)));
    if (separators != 0) return at - static_cast<uint32_t>(std::countl_zero(separators)) / 8;
  }
}

// Mostly one space lies between.
std::optional<StreamToken> TokenBehind(std::string_view stream, StreamToken token) {
  uint32_t begin = token.end;
  while (begin < stream.size() && stream[begin] == ' ') ++begin;
  if (begin == stream.size() || stream[begin] == kFieldBreak) return std::nullopt;
  return StreamToken{.begin = begin, .end = TokenEnd(stream, begin)};
}

std::optional<StreamToken> TokenBefore(std::string_view stream, StreamToken token) {
  uint32_t end = token.begin;
  while (end > 0 && stream[end - 1] == ' ') --end;
  if (end == 0 || stream[end - 1] == kFieldBreak) return std::nullopt;
  return StreamToken{.begin = TokenBegin(stream, end), .end = end};
}

uint32_t KeySurroundings::HeadBeside(int32_t tokens) const {
  std::optional<StreamToken> token = key_;
  for (; tokens > 0 && token; --tokens) token = TokenBehind(stream_, *token);
  for (; tokens < 0 && token; ++tokens) token = TokenBefore(stream_, *token);
  return token ? LoadHead<uint32_t>(Folded(stream_, *token)) : 0;
}

std::optional<uint32_t> FindAround(const PhraseAtom& atom, std::string_view stream,
                                   StreamToken key) {
  const std::vector<std::string>& patterns = atom.phrase.tokens;
  const auto matches = [&](size_t i, StreamToken token) {
    const std::string_view folded = Folded(stream, token);
    return atom.has_wildcard ? GlobMatches(patterns[i], folded) : patterns[i] == folded;
  };
  if (!matches(atom.key_token, key)) return std::nullopt;
  StreamToken token = key;
  for (size_t i = atom.key_token + 1; i < patterns.size(); ++i) {
    const auto next = TokenBehind(stream, token);
    if (!next || !matches(i, *next)) return std::nullopt;
    token = *next;
  }
  token = key;
  for (size_t i = atom.key_token; i > 0; --i) {
    const auto next = TokenBefore(stream, token);
    if (!next || !matches(i - 1, *next)) return std::nullopt;
    token = *next;
  }
  return token.begin;
}

}  // namespace tocsin::rules
