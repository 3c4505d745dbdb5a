// The compiled rule set as the scanner runs it: atoms, databases, and one shared graph of
// expressions.
//
// Shape     equal atoms and equal subexpressions of different rules are one. A scope is pushed down
//           to the atoms. A rule is looked at only if one of its triggers occurs: a set of atoms of
//           which at least one occurs in every article for which the rule holds.
// Threads   immutable once built: share freely.
#ifndef TOCSIN_RULES_COMPILE_PROGRAM_H_
#define TOCSIN_RULES_COMPILE_PROGRAM_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/compile/hyperscan.h"
#include "rules/compile/prefilter.h"
#include "rules/compile/regex.h"
#include "rules/query/ast.h"

namespace tocsin::rules {

// The literal by which a phrase is found: the longest stretch of it without a wildcard. It starts
// inside the phrase's token `token`, or with the space before it.
struct Anchor {
  std::string literal;
  uint32_t token = 0;
};

struct PhraseAtom {
  Phrase phrase;
  Anchor anchor;
  bool has_wildcard = false;
  bool is_trigger = false;
};

struct RegexAtom {
  std::string pattern;
  Regex regex;
  Prefilter prefilter;
  HsDatabase costly;  // its own, if it took long to compile
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

// Phrases to search for in the folded stream; several may share a literal.
struct PhraseDatabase {
  HsDatabase database;
  std::vector<uint32_t> literal_bytes;       // by match id
  std::vector<std::vector<uint32_t>> atoms;  // by match id: into phrases
};

struct RegexDatabase {
  HsDatabase database;
  std::vector<uint32_t> atoms;  // by match id: into regexes
};

struct RulePlan {
  uint32_t expr = 0;
  std::vector<std::string> languages;  // primary subtags; empty: any
};

struct Program {
  std::vector<PhraseAtom> phrases;
  std::vector<RegexAtom> regexes;
  std::vector<Expr> exprs;
  std::map<uint32_t, std::string> names;  // of expressions that a $name stood for; for explanations
  std::vector<RulePlan> plans;            // by rule
  std::vector<std::vector<uint32_t>> phrase_rules;  // by phrase: rules it triggers
  std::vector<std::vector<uint32_t>> regex_rules;   // by regex: rules it triggers
  PhraseDatabase triggers;                          // searched in every article
  PhraseDatabase context;                     // the other phrases: only where a trigger occurs
  std::vector<RegexDatabase> regex_triggers;  // over the rendering of every article
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PROGRAM_H_
