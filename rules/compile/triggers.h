// Which atoms each rule is looked at for: a set of which at least one occurs in every article for
// which it holds.
//
//   ChooseTriggers(keys, &program);    // sets is_trigger, triggers, phrase_triggers, regex_rules,
//                                      // key_sets
//
// Shape     keys: of each phrase, if it has one. Plans, expressions and their measures are complete;
//           no query holds for the empty article (ProgramBuilder sees to it).
// Cost      linear in the expressions of each rule.
#ifndef TOCSIN_RULES_COMPILE_TRIGGERS_H_
#define TOCSIN_RULES_COMPILE_TRIGGERS_H_

#include <optional>
#include <vector>

#include "rules/compile/program.h"
#include "rules/compile/word_key.h"

namespace tocsin::rules {

void ChooseTriggers(const std::vector<std::optional<WordKey>>& keys, Program* program);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_TRIGGERS_H_
