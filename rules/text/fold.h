// Text to its folded stream (DESIGN §4.1-2): lower-case tokens, a single space between, one before
// and one after.
//
//   Folder folder;
//   folder.Clear();
//   folder.Append("Cease-fire in Zürich!", "en");       // stream() == " cease fire in zurich "
//   folder.AppendWithTokens(title, "en");               // the same bytes, and tokens() besides
//
// Shape     text: valid UTF-8. Each Append adds one field; a kFieldBreak stands before each field
// but the first,
//           so that no phrase crosses fields. tokens(): only of fields appended WithTokens; source
//           offsets are of the field's text.
// Units     all offsets in bytes.
// Cost      ASCII about one cycle a byte; other scripts a table look-up a code point; ICU only
// where code points
//           compose. WithTokens costs about three times as much, AppendTokens less than either
//           where the text is plain (plain_tokens.h). Buffers are kept between documents.
// Threads   one Folder per thread.
// Lifetime  stream() and tokens() are valid until the next Append or Clear.
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

  // The tokens of AppendWithTokens, sooner: what stands between them in stream() is undefined, and
  // only bounds() is known until LocateTokens. A token may be read kTokenSlack bytes beyond its
  // ends.
  void AppendTokens(std::string_view text, std::string_view language);

  // The same, and stream() is what Append makes of it.
  void AppendFolded(std::string_view text, std::string_view language);

  // folded_begin and folded_end of each token appended by these two.
  std::span<const uint32_t> bounds() const { return {bounds_.data(), bounds_size_}; }

  // Completes tokens().
  void LocateTokens();

  std::string_view stream() const { return {out_, size_}; }
  const std::vector<Token>& tokens() const { return tokens_; }

 private:
  template <bool kTokens>
  friend class FieldFold;

  // Appends to bounds_ those of the tokens from `first` on.
  void AddBounds(size_t first);

  // Room for `bytes` more behind size_.
  void Reserve(size_t bytes);

  std::unique_ptr<char[]> buffer_;
  char* out_ = nullptr;  // the stream, kTokenSlack bytes into the buffer
  size_t size_ = 0;
  size_t capacity_ = 0;
  std::vector<Token> tokens_;
  // Plain fields whose tokens are not in tokens_ yet; `shift` from their source to the stream.
  struct PlainField {
    size_t bounds_begin;
    size_t bounds_end;
    uint32_t shift;
  };
  std::vector<PlainField> plain_fields_;
  std::vector<uint32_t> bounds_;
  size_t bounds_size_ = 0;
};

// The folded stream of one text, for queries and tests.
std::string Fold(std::string_view text, std::string_view language = {});

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_FOLD_H_
