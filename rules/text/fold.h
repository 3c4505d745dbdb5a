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
//           compose. WithTokens costs about three times as much. Buffers are kept between
//           documents.
// Threads   one Folder per thread.
// Lifetime  stream() and tokens() are valid until the next Append or Clear.
#ifndef TOCSIN_RULES_TEXT_FOLD_H_
#define TOCSIN_RULES_TEXT_FOLD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

inline constexpr char kFieldBreak = '\n';

struct Token {
  uint32_t folded_begin;
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

  std::string_view stream() const { return {buffer_.get(), size_}; }
  const std::vector<Token>& tokens() const { return tokens_; }

 private:
  template <bool kTokens>
  friend class FieldFold;

  // Room for `bytes` more behind size_.
  void Reserve(size_t bytes);

  std::unique_ptr<char[]> buffer_;
  size_t size_ = 0;
  size_t capacity_ = 0;
  std::vector<Token> tokens_;
};

// The folded stream of one text, for queries and tests.
std::string Fold(std::string_view text, std::string_view language = {});

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_FOLD_H_
