// Which atoms each rule is looked at for: a set of which at least one occurs in every article for
// which it holds.
//
//   ChooseTriggers(&program);    // sets is_trigger, triggers, phrase_triggers, regex_rules, sets
//
// Shape     plans, expressions and their measures are complete; no query holds for the empty article
//           (ProgramBuilder sees to it).
// Cost      linear in the expressions of each rule.
#ifndef TOCSIN_RULES_COMPILE_TRIGGERS_H_
#define TOCSIN_RULES_COMPILE_TRIGGERS_H_

#include "rules/compile/program.h"

namespace tocsin::rules {

void ChooseTriggers(Program* program);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_TRIGGERS_H_
