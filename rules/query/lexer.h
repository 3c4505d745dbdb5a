// A query's text to lexemes.
//
//   Lexer lexer(query);
//   for (Lexeme lexeme = lexer.Next(); lexeme.kind != LexemeKind::kEnd; lexeme = lexer.Next()) ...
//
// Shape     kError carries what is wrong in `text` and the mend in `mend`.
// Units     begin, end: bytes of the query.
// Lifetime  a Lexeme owns its text.
#ifndef TOCSIN_RULES_QUERY_LEXER_H_
#define TOCSIN_RULES_QUERY_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/query/ast.h"

namespace tocsin::rules {

enum class LexemeKind : uint8_t {
  kEnd,
  kError,
  kWord,
  kPhrase,  // text: between the quotes
  kCased,   // text: between the braces
  kRegex,   // text: between the slashes
  kName,    // text: behind the $
  kScope,   // scope
  kOpen,
  kClose,
  kAnd,
  kOr,
  kNot,
  kNear,     // reach
  kAtLeast,  // count
};

struct Lexeme {
  LexemeKind kind = LexemeKind::kEnd;
  size_t begin = 0;
  size_t end = 0;
  std::string text;
  std::string mend;
  Reach reach;
  Scope scope = Scope::kAnywhere;
  uint32_t count = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view query) : query_(query) {}
  Lexeme Next();

 private:
  Lexeme Delimited(size_t begin, size_t open_length, LexemeKind kind);
  Lexeme Regex(size_t begin);
  Lexeme Bare(size_t begin);
  Lexeme Operator(Lexeme word) const;
  Lexeme Proximity(Lexeme word, bool ordered, std::string_view unit) const;
  Lexeme AtLeast(Lexeme word, std::string_view count) const;

  std::string_view query_;
  size_t at_ = 0;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_QUERY_LEXER_H_
