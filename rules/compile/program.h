// The compiled rule set as the scanner runs it: atoms, databases, and one shared graph of
// expressions.
//
// Shape     equal atoms and equal subexpressions of different rules are one. A scope is pushed down
//           to the atoms. A rule is looked at only if one of its triggers occurs: a set of atoms of
//           which at least one occurs, all its conditions met, in every article for which the rule
//           holds.
// Threads   immutable once built: share freely.
#ifndef TOCSIN_RULES_COMPILE_PROGRAM_H_
#define TOCSIN_RULES_COMPILE_PROGRAM_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/compile/hyperscan.h"
#include "rules/compile/key_set.h"
#include "rules/compile/phrase_set.h"
#include "rules/compile/prefilter.h"
#include "rules/compile/regex.h"
#include "rules/compile/word_index.h"
#include "rules/query/ast.h"

namespace tocsin::rules {

struct PhraseAtom {
  Phrase phrase;
  uint32_t key_token = 0;  // the token by which it is found
  bool has_key = false;    // else Hyperscan finds it, by its longest stretch without a wildcard
  bool has_wildcard = false;
  bool is_trigger = false;
};

struct RegexAtom {
  std::string pattern;
  Regex regex;
  Prefilter prefilter;
  bool is_trigger = false;
};

struct Expr {
  Op op;  // never kName, kScope
  std::vector<uint32_t> children;
  uint32_t atom = 0;  // kPhrase: into phrases; kRegex: into regexes
  Scope scope = Scope::kAnywhere;
  Reach reach;
  uint32_t count_min = 0;
  friend bool operator==(const Expr&, const Expr&) = default;
};

// Phrases that no key finds; several may share a literal, which lies in the phrase's token
// `key_token` or begins with the space before it.
struct PhraseDatabase {
  HsDatabase database;
  std::vector<uint32_t> literal_bytes;         // by match id
  std::vector<std::vector<uint32_t>> phrases;  // by match id
};

struct RegexDatabase {
  HsDatabase database;
  std::vector<uint32_t> atoms;  // by match id: into regexes
};

struct RulePlan {
  uint32_t expr = 0;
  std::vector<std::string> languages;  // primary subtags; empty: any
};

// What must stand near a trigger for its rule to hold: the key of one of several phrases, at most
// `before` tokens before the trigger's first token, or `behind` behind it.
struct Condition {
  uint32_t keys;  // into Program::key_sets
  uint32_t before;
  uint32_t behind;
  friend auto operator<=>(const Condition&, const Condition&) = default;
};

// A phrase that triggers rules if all conditions are met.
struct Trigger {
  std::vector<Condition> conditions;
  std::vector<uint32_t> rules;
};

// Children of an OR, together: one look for what must stand in them tells whether any may occur.
struct OtherExprs {
  static constexpr uint32_t kUnknown = UINT32_MAX;
  std::vector<uint32_t> exprs;
  bool by_triggers = false;
  uint32_t need = kUnknown;  // phrases of which one stands in each occurrence, into Program::sets
  uint32_t tokens_max = 0;   // of an occurrence; UINT32_MAX: no bound
  Gap gap_max = Gap::kPunctuation;  // inside an occurrence
};

// How an expression's occurrences are found (DESIGN §4.5): all that is read of most of them, so that
// each costs one read of distant memory.
struct alignas(64) ExprPlan {
  static constexpr uint32_t kNone = UINT32_MAX;
  Op op = Op::kPhrase;
  Scope scope = Scope::kAnywhere;  // kPhrase, kRegex; kOr: of the phrases of its set
  bool has_spans = false;          // neither AND, NOT, ATLEAST nor a regex is in it
  bool by_triggers = false;        // all that has to be looked for everywhere are triggers
  bool set_by_triggers = false;    // kOr
  bool first_is_left = true;       // kNear, kNotNear
  uint32_t tokens_max = 0;         // of an occurrence; UINT32_MAX: no bound
  Reach reach;                     // kNear, kNotNear
  uint32_t first = 0;              // kNear, kNotNear: the child to find first
  uint32_t second = 0;             // the one to look for beside it
  uint32_t atom = 0;               // kPhrase, kRegex: as Expr::atom
  uint32_t set = kNone;            // kOr: of its phrases that have the scope, into Program::sets
  std::vector<OtherExprs> others;  // kOr: the children that are not in the set
};
static_assert(sizeof(ExprPlan) == 64);

struct Program {
  std::vector<PhraseAtom> phrases;
  std::vector<RegexAtom> regexes;
  std::vector<Expr> exprs;
  std::vector<ExprPlan> expr_plans;
  std::map<uint32_t, std::string> names;  // of expressions that a $name stood for; for explanations
  std::vector<RulePlan> plans;            // by rule
  std::vector<std::vector<uint32_t>> phrase_triggers;  // by phrase: into triggers
  std::vector<Trigger> triggers;
  std::vector<std::vector<uint32_t>> regex_rules;  // by regex: rules it triggers
  std::vector<KeySet> key_sets;
  std::vector<PhraseSet> sets;
  std::vector<uint64_t> phrase_marks;  // by phrase (phrase_set.h)
  WordIndex trigger_words;             // looked up for every token of every article
  WordIndex words;                     // of all phrases: only near triggers
  uint32_t phrase_tokens_max = 1;
  PhraseDatabase keyless;                     // over the folded stream of every article
  std::vector<RegexDatabase> regex_triggers;  // over the rendering of every article
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PROGRAM_H_
