// How each expression's occurrences are to be found: by triggers, or beside what has been found.
//
//   MeasureExprs(&program);           // what expressions and phrases are by themselves
//   ChooseTriggers(keys, &program);
//   PlanExprs(&program);              // the rest of expr_plans, sets and phrase_marks
//
// Shape     expressions are complete, children before parents.
// Cost      linear in the expressions and their names' lists.
#ifndef TOCSIN_RULES_COMPILE_EXPR_PLANS_H_
#define TOCSIN_RULES_COMPILE_EXPR_PLANS_H_

#include <cstdint>
#include <vector>

#include "rules/compile/program.h"

namespace tocsin::rules {

void MeasureExprs(Program* program);
void PlanExprs(Program* program);

// Of an expression with spans: phrases of which one begins inside each of its occurrences.
std::vector<uint32_t> PhrasesThatMustOccur(const Program& program, uint32_t expr);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_EXPR_PLANS_H_
