// Text to its folded stream (DESIGN §4.1-2): lower-case tokens, a single space between, one before
// and one after.
//
//   Folder folder;
//   folder.Clear();
//   folder.Append("Cease-fire in Zürich!", "en");       // stream() == " cease fire in zurich "
//   folder.AppendWithTokens(title, "en");               // the same bytes, and tokens() besides
//
// Shape     text: valid UTF-8. Each Append adds one field; a kFieldBreak stands before each field
//           but the first, so that no phrase crosses fields. tokens(): source offsets are of the
//           field's text.
// Units     all offsets in bytes.
// Cost      ASCII about one cycle a byte; other scripts a table look-up a code point; ICU only
//           where code points compose. WithTokens costs about three times as much, AppendTokens less
//           than either where the text is plain (plain_text.h). bounds() and tokens() are found when
//           first asked for. Buffers are kept between documents.
// Threads   one Folder per thread.
// Lifetime  stream(), bounds() and tokens() are valid until the next Append or Clear.
#ifndef TOCSIN_RULES_TEXT_FOLD_H_
#define TOCSIN_RULES_TEXT_FOLD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

inline constexpr char kFieldBreak = '\n';
inline constexpr size_t kTokenSlack = 8;
inline constexpr size_t kStreamSlack = 72;

struct Token {
  uint32_t folded_begin;
  uint32_t folded_end;
  uint32_t source_begin;
  uint32_t source_end;
};

class Folder {
 public:
  Folder();
  Folder(Folder&&) noexcept;
  Folder& operator=(Folder&&) noexcept;
  ~Folder();

  void Clear();
  void Append(std::string_view text, std::string_view language);
  void AppendWithTokens(std::string_view text, std::string_view language);

  // The tokens of AppendWithTokens, sooner: any number of spaces stands between them in stream().
  void AppendTokens(std::string_view text, std::string_view language);

  // May be read kStreamSlack bytes beyond its end; a token kTokenSlack before and behind it.
  std::string_view stream() const { return {out_, size_}; }

  // folded_begin and folded_end of each token in stream().
  std::span<const uint32_t> bounds();

  // Unless a field was appended without.
  const std::vector<Token>& tokens();

 private:
  template <bool kTokens>
  friend class FieldFold;

  void BeginField();
  size_t AppendPlain(std::string_view text, size_t begin);

  // Room for `bytes` more behind size_.
  void Reserve(size_t bytes);

  std::unique_ptr<char[]> buffer_;
  char* out_ = nullptr;  // the stream, kTokenSlack bytes into the buffer
  size_t size_ = 0;
  size_t capacity_ = 0;
  std::vector<Token> folded_;  // by FieldFold
  // What FieldFold was spared: where in the stream; `shift` from the source to the stream.
  struct PlainStretch {
    uint32_t begin;
    uint32_t end;
    uint32_t shift;
  };
  std::vector<PlainStretch> plain_;
  std::vector<uint32_t> bounds_;
  size_t bounds_size_ = 0;
  size_t bounds_stream_ = 0;   // the bytes of the stream that they are of
  std::vector<Token> tokens_;  // of both kinds
  bool tokens_known_ = false;
};

// The folded stream of one text, for queries and tests.
std::string Fold(std::string_view text, std::string_view language = {});

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_FOLD_H_
