// Whether the operands of a proximity or of ATLEAST have places in the text, and if not, what to write.
//
//   QueryError error;
//   if (!HasSpans(operand, {.name = "NEAR/3", .is_left = true}, query, &error)) ...
//
// Shape     a rewrite says what the query meant, as far as it can be told: another order, a NOT or a
//           third operand must not be lost in it.
// Errors    at the node without a place.
// Threads   pure.
#ifndef TOCSIN_RULES_QUERY_SPAN_CHECK_H_
#define TOCSIN_RULES_QUERY_SPAN_CHECK_H_

#include <string_view>

#include "rules/query/ast.h"
#include "rules/query/parser.h"

namespace tocsin::rules {

struct SpanUser {
  std::string_view name;  // as written, with its number; without NOT
  bool counts = false;    // ATLEAST
  bool is_negated = false;
  bool is_left = false;  // of its operands the one that is looked at
};

bool HasSpans(const Node& node, const SpanUser& user, std::string_view query, QueryError* error);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_QUERY_SPAN_CHECK_H_
