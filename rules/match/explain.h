// Why a rule holds for an article, or does not: its expression, each part decided by itself.
//
//   ASSIGN_OR_RETURN(const Explanation why, scanner.Explain(document, rule));
//   for (const Explanation& part : why.children) if (!part.holds) ...
//
// Shape     text: the part as a query says it: an atom whole, an operator by its name, a named
//           query as $name. occurrences: of atoms, OR over them and proximities, in reading order.
//           excluded: of NOT NEAR.
// Cost      each part is looked at, also where the scanner would stop; pairs are tried one by one,
//           so that the answer does not rest on the code that it explains.
// Errors    those that the Evaluator keeps.
#ifndef TOCSIN_RULES_MATCH_EXPLAIN_H_
#define TOCSIN_RULES_MATCH_EXPLAIN_H_

#include <string>
#include <vector>

#include "rules/compile/program.h"
#include "rules/document.h"
#include "rules/match/evaluator.h"

namespace tocsin::rules {

struct Exclusion {
  Span span;
  Span by;
};

struct Explanation {
  Op op;
  std::string text;
  std::string name;  // of the named query that the part is, without $
  bool holds = false;
  std::string why;  // of a proximity or ATLEAST: what was found and what is asked
  std::vector<Span> occurrences;
  std::vector<Exclusion> excluded;
  std::vector<Explanation> children;
};

Explanation Explain(const Program& program, uint32_t expr, Evaluator* evaluator);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_EXPLAIN_H_
