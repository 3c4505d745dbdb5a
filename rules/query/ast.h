// A parsed query (DESIGN §5): what the analyst wrote, folded, before it is compiled with all
// others.
//
//   ASSIGN_OR_RETURN(Node root, ParseQuery("sanctions NEAR/8 (Russia OR Kremlin)", &error));
//
// Shape     a tree; a word, hyphenated word or phrase is a kPhrase, or a kOr of its written forms.
// Units     begin, end: bytes of the query text; a distance counts tokens, adjacent is 1.
// Lifetime  owns everything.
#ifndef TOCSIN_RULES_QUERY_AST_H_
#define TOCSIN_RULES_QUERY_AST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/text/gaps.h"

namespace tocsin::rules {

enum class Op : uint8_t {
  kPhrase,
  kRegex,
  kName,  // $name
  kOr,
  kAnd,
  kNot,      // one child
  kNear,     // two children
  kNotNear,  // two children
  kAtLeast,  // one child
  kScope,    // one child
};

enum class Scope : uint8_t { kAnywhere, kTitle, kLead, kBody };

// Tokens in a row. A token may hold wildcards: `*` at its ends, `?` for one letter.
struct Phrase {
  std::vector<std::string> tokens;   // folded
  std::vector<std::string> written;  // NFC, as many as tokens; only if case counts
  Gap gap_max = Gap::kPunctuation;
  friend bool operator==(const Phrase&, const Phrase&) = default;
};

// How far the operands of a proximity may lie apart.
struct Reach {
  bool ordered = false;
  uint32_t tokens_max = UINT32_MAX;  // start(right) - end(left)
  Gap gap_max = Gap::kParagraph;     // inside the covering span
  friend bool operator==(const Reach&, const Reach&) = default;
};

struct Node {
  Op op;
  size_t begin = 0;
  size_t end = 0;
  std::vector<Node> children;
  Phrase phrase;                   // kPhrase
  std::string text;                // kRegex: the pattern; kName: the name
  Reach reach;                     // kNear, kNotNear
  uint32_t count_min = 0;          // kAtLeast
  Scope scope = Scope::kAnywhere;  // kScope
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_QUERY_AST_H_
