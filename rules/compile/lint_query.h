// What is unwise in one query, though it compiles.
//
//   for (const QueryFinding& finding : LintQuery(query.text, root)) ...
//
// Shape     short atoms, wildcards that find too much, operands that can never make a difference.
//           Names are not looked into: their definitions are queries of their own.
// Units     at: byte offset into the query.
// Cost      linear, but for wildcards among the operands of one OR.
// Threads   pure function.
#ifndef TOCSIN_RULES_COMPILE_LINT_QUERY_H_
#define TOCSIN_RULES_COMPILE_LINT_QUERY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/query/ast.h"

namespace tocsin::rules {

struct QueryFinding {
  size_t at;
  std::string what;
  std::string mend;
};

std::vector<QueryFinding> LintQuery(std::string_view query, const Node& root);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_LINT_QUERY_H_
