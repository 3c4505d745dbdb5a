// Phrases in a folded stream whose tokens have not been told apart.
//
//   const uint32_t end = TokenEnd(stream, begin);
//   if (const auto first = FindAround(atom, stream, {.begin = begin, .end = end})) ...
//
//   KeySurroundings around(stream, key);    // where many phrases have the key
//   if (around.MayStand(use.glance)) ...
//
// Shape     stream: of a Folder, with any number of spaces between tokens. `first` is where the first
//           token of the phrase begins whose key token is the one given; no phrase reaches across a
//           kFieldBreak. Gaps and case are not looked at.
// Units     bytes of the stream, ends exclusive.
// Threads   pure.
#ifndef TOCSIN_RULES_MATCH_STREAM_PHRASE_H_
#define TOCSIN_RULES_MATCH_STREAM_PHRASE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/compile/phrase_glance.h"
#include "rules/compile/program.h"

namespace tocsin::rules {

struct StreamToken {
  uint32_t begin;
  uint32_t end;
};

inline std::string_view Folded(std::string_view stream, StreamToken token) {
  return stream.substr(token.begin, token.end - token.begin);
}

uint32_t TokenEnd(std::string_view stream, uint32_t begin);
uint32_t TokenBegin(std::string_view stream, uint32_t end);

// The token before or behind it in its field.
std::optional<StreamToken> TokenBefore(std::string_view stream, StreamToken token);
std::optional<StreamToken> TokenBehind(std::string_view stream, StreamToken token);

// What a glance sees beside a key; its neighbours are looked for once, however many phrases ask.
class KeySurroundings {
 public:
  KeySurroundings(std::string_view stream, StreamToken key) : stream_(stream), key_(key) {}

  StreamToken key() const { return key_; }

  bool MayStand(const PhraseGlance& glance) {
    if (glance.beside != 1 && glance.beside != -1) return glance.MayBe(HeadBeside(glance.beside));
    std::optional<uint32_t>& head = glance.beside > 0 ? behind_ : before_;
    if (!head) head = HeadBeside(glance.beside);
    return glance.MayBe(*head);
  }

 private:
  // Of the token so many behind the key, before it if negative; zeros if the field ends sooner.
  uint32_t HeadBeside(int32_t tokens) const;

  std::string_view stream_;
  StreamToken key_;
  std::optional<uint32_t> before_;
  std::optional<uint32_t> behind_;
};

std::optional<uint32_t> FindAround(const PhraseAtom& atom, std::string_view stream,
                                   StreamToken key);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_STREAM_PHRASE_H_
