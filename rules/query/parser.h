// The query language (DESIGN §5); its grammar in EBNF is in rules/README.md.
//
//   QueryError error;
//   std::optional<Node> root = ParseQuery("cease-fire OR \"peace plan\"", &error);
//   if (!root) report(error.at, error.what, error.mend);
//
// Shape     query: valid UTF-8. Precedence: proximity, NOT, AND, OR. Curly quotes count as quotes,
//           any dash as a hyphen.
// Units     QueryError::at: byte offset into the query.
// Cost      linear; depth and size are limited, so that no query exhausts the stack.
// Errors    the first one met: what was found and expected, and how to mend it.
// Threads   pure functions.
#ifndef TOCSIN_RULES_QUERY_PARSER_H_
#define TOCSIN_RULES_QUERY_PARSER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rules/query/ast.h"

namespace tocsin::rules {

inline constexpr size_t kQueryBytesMax = size_t{64} << 10;
inline constexpr int kQueryDepthMax = 100;

struct QueryError {
  size_t at = 0;
  std::string what;
  std::string mend;
};

std::optional<Node> ParseQuery(std::string_view query, QueryError* error);

// Why a node cannot stand where occurrences are needed (a proximity, ATLEAST); empty if it can.
// Names are to be checked in their definitions.
std::string_view WhyNotSpans(Op op);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_QUERY_PARSER_H_
