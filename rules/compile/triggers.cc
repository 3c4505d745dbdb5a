#include "rules/compile/triggers.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "rules/compile/expr_plans.h"
#include "rules/compile/word_share.h"

namespace tocsin::rules {
namespace {

constexpr uint32_t kRegexTrigger = uint32_t{1} << 31;  // tells a regex from a phrase
// Beyond, the words around a trigger are likely to meet the condition anyway.
constexpr uint32_t kWindowTokensMax = 64;

class TriggerChooser {
 public:
  using Keys = std::vector<std::optional<WordKey>>;

  TriggerChooser(const Keys& keys, Program* program) : keys_(keys), program_(*program) {
    chains_.emplace_back();
  }
  void Run();

 private:
  // An atom, and a chain of conditions (into chains_) without which it triggers nothing.
  using Use = std::pair<uint32_t, uint32_t>;
  using Triggers = std::optional<std::set<Use>>;  // nullopt: there is no such set

  struct KeysOfExpr {
    uint32_t keys;    // into Program::key_sets
    uint32_t behind;  // at most so many tokens behind the first of its phrase
  };

  Triggers TriggersOf(uint32_t expr, bool holds);
  Triggers Choose(uint32_t expr, bool holds);
  Triggers RarestOf(const std::vector<uint32_t>& exprs, bool holds, size_t* chosen = nullptr);
  Triggers UnionOf(const std::vector<uint32_t>& exprs, bool holds);
  Triggers TriggersOfNear(const Expr& expr);
  std::set<Use> OnlyNear(const std::set<Use>& triggers, const Condition& condition);
  std::optional<Condition> Beside(const Expr& near, size_t chosen);
  const KeysOfExpr& KeysOf(uint32_t expr);
  bool IsBetter(const std::set<Use>& triggers, const std::set<Use>& than) const;
  bool IsTrigger(uint32_t atom) const;
  double ShareOf(uint32_t atom) const;
  void MarkForced(uint32_t expr);
  void TriggerBy(const std::set<Use>& uses, uint32_t rule);

  const Keys& keys_;  // by phrase
  Program& program_;
  std::map<uint32_t, Triggers> known_;  // by expression that holds
  std::vector<std::vector<Condition>> chains_;
  std::map<std::vector<Condition>, uint32_t> chain_ids_;
  std::map<uint32_t, KeysOfExpr> keys_of_;  // by expression
  std::map<Use, uint32_t> trigger_ids_;
};

// holds: of the expression; else of its negation. Decided once an expression, so that the rules that
// share it share triggers.
TriggerChooser::Triggers TriggerChooser::TriggersOf(uint32_t id, bool holds) {
  const Op op = program_.exprs[id].op;
  if (!holds || op == Op::kPhrase || op == Op::kRegex) return Choose(id, holds);
  const auto found = known_.find(id);
  if (found != known_.end()) return found->second;
  return known_[id] = Choose(id, holds);
}

TriggerChooser::Triggers TriggerChooser::Choose(uint32_t id, bool holds) {
  const Expr& expr = program_.exprs[id];
  switch (expr.op) {
    case Op::kPhrase:
      return holds ? Triggers({{expr.atom, 0}}) : std::nullopt;
    case Op::kRegex:
      return holds ? Triggers({{expr.atom | kRegexTrigger, 0}}) : std::nullopt;
    case Op::kNot:
      return TriggersOf(expr.children[0], !holds);
    case Op::kOr:
      return holds ? UnionOf(expr.children, true) : RarestOf(expr.children, false);
    case Op::kAnd:
      return holds ? RarestOf(expr.children, true) : UnionOf(expr.children, false);
    case Op::kNear:
      return holds ? TriggersOfNear(expr) : std::nullopt;
    default:  // kNotNear, kAtLeast: their first child must occur
      return holds ? TriggersOf(expr.children[0], true) : std::nullopt;
  }
}

TriggerChooser::Triggers TriggerChooser::UnionOf(const std::vector<uint32_t>& exprs, bool holds) {
  std::set<Use> all;
  for (const uint32_t child : exprs) {
    const Triggers triggers = TriggersOf(child, holds);
    if (!triggers) return std::nullopt;
    all.insert(triggers->begin(), triggers->end());
  }
  return all;
}

TriggerChooser::Triggers TriggerChooser::RarestOf(const std::vector<uint32_t>& exprs, bool holds,
                                                  size_t* chosen) {
  Triggers best;
  for (size_t i = 0; i < exprs.size(); ++i) {
    Triggers triggers = TriggersOf(exprs[i], holds);
    if (!triggers || (best && !IsBetter(*triggers, *best))) continue;
    best = std::move(triggers);
    if (chosen != nullptr) *chosen = i;
  }
  return best;
}

// The rarer side, and only where something of the other stands as near as it must.
TriggerChooser::Triggers TriggerChooser::TriggersOfNear(const Expr& expr) {
  size_t chosen = 0;
  Triggers triggers = RarestOf(expr.children, true, &chosen);
  if (!triggers) return std::nullopt;
  const std::optional<Condition> condition = Beside(expr, chosen);
  return condition ? OnlyNear(*triggers, *condition) : triggers;
}

std::optional<Condition> TriggerChooser::Beside(const Expr& near, size_t chosen) {
  const uint32_t own = program_.expr_plans[near.children[chosen]].tokens_max;
  const uint32_t other_id = near.children[1 - chosen];
  const uint32_t other = program_.expr_plans[other_id].tokens_max;
  if (near.reach.tokens_max > kWindowTokensMax || own > kWindowTokensMax ||
      other > kWindowTokensMax) {
    return std::nullopt;
  }
  const uint32_t reach = near.reach.tokens_max + own + other;
  const KeysOfExpr& beside = KeysOf(other_id);
  return Condition{.keys = beside.keys,
                   .before = near.reach.ordered && chosen == 0 ? 0 : reach,
                   .behind = (near.reach.ordered && chosen == 1 ? 0 : reach) + beside.behind};
}

// Of the phrases of which one begins inside each occurrence.
const TriggerChooser::KeysOfExpr& TriggerChooser::KeysOf(uint32_t expr) {
  const auto [found, is_new] = keys_of_.try_emplace(
      expr, KeysOfExpr{.keys = static_cast<uint32_t>(program_.key_sets.size()), .behind = 0});
  if (!is_new) return found->second;
  KeySet& set = program_.key_sets.emplace_back();
  for (const uint32_t phrase : PhrasesThatMustOccur(program_, expr)) {
    const std::optional<WordKey>& key = keys_[phrase];
    if (!key) {
      set.AddAnything();
      continue;
    }
    set.Add(*key);
    found->second.behind = std::max(found->second.behind, key->token);
  }
  set.Build();
  return found->second;
}

std::set<TriggerChooser::Use> TriggerChooser::OnlyNear(const std::set<Use>& triggers,
                                                       const Condition& condition) {
  std::set<Use> conditioned;
  for (const auto& [atom, chain] : triggers) {
    std::vector<Condition> conditions = chains_[chain];
    const auto at = std::lower_bound(conditions.begin(), conditions.end(), condition);
    conditions.insert(at, condition);
    conditions.erase(std::unique(conditions.begin(), conditions.end()), conditions.end());
    const auto [found, is_new] =
        chain_ids_.try_emplace(conditions, static_cast<uint32_t>(chains_.size()));
    if (is_new) chains_.push_back(std::move(conditions));
    conditioned.emplace(atom, found->second);
  }
  return conditioned;
}

bool TriggerChooser::IsTrigger(uint32_t atom) const {
  const bool is_regex = (atom & kRegexTrigger) != 0;
  return is_regex ? program_.regexes[atom & ~kRegexTrigger].is_trigger
                  : program_.phrases[atom].is_trigger;
}

double TriggerChooser::ShareOf(uint32_t atom) const {
  constexpr double kRegexShare = 1000;  // the last resort
  return (atom & kRegexTrigger) != 0 ? kRegexShare : PhraseShare(program_.phrases[atom].phrase);
}

// The rarer; what triggers another rule anyway weighs little.
bool TriggerChooser::IsBetter(const std::set<Use>& triggers, const std::set<Use>& than) const {
  constexpr double kKnown = 0.1;
  const auto cost = [this](const std::set<Use>& all) {
    double sum = 0;
    for (const auto& [atom, chain] : all) sum += ShareOf(atom) * (IsTrigger(atom) ? kKnown : 1);
    return sum;
  };
  return cost(triggers) < cost(than);
}

// Marks what will be a trigger whatever is chosen elsewhere.
void TriggerChooser::MarkForced(uint32_t id) {
  const Expr& expr = program_.exprs[id];
  switch (expr.op) {
    case Op::kPhrase:
      program_.phrases[expr.atom].is_trigger = true;
      break;
    case Op::kRegex:
      program_.regexes[expr.atom].is_trigger = true;
      break;
    case Op::kOr:
      for (const uint32_t child : expr.children) MarkForced(child);
      break;
    case Op::kNotNear:
    case Op::kAtLeast:
      MarkForced(expr.children[0]);
      break;
    default:
      break;
  }
}

// What leaves no choice first: the rest then settles on what is searched for anyway.
void TriggerChooser::Run() {
  program_.phrase_triggers.resize(program_.phrases.size());
  program_.regex_rules.resize(program_.regexes.size());
  for (const RulePlan& plan : program_.plans) MarkForced(plan.expr);
  // A rule that is part of others (`$ceasefire`, of `$ceasefire NEAR/5 announced`) before them.
  std::vector<uint32_t> order(program_.plans.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
    return std::pair(program_.plans[a].expr, a) < std::pair(program_.plans[b].expr, b);
  });
  for (const uint32_t rule : order) {
    // ProgramBuilder refuses queries that hold for the empty article: only they lack triggers.
    const Triggers triggers = TriggersOf(program_.plans[rule].expr, true);
    if (triggers) TriggerBy(*triggers, rule);
  }
}

void TriggerChooser::TriggerBy(const std::set<Use>& uses, uint32_t rule) {
  for (const auto& [atom, chain] : uses) {
    if ((atom & kRegexTrigger) != 0) {
      program_.regexes[atom & ~kRegexTrigger].is_trigger = true;
      program_.regex_rules[atom & ~kRegexTrigger].push_back(rule);
      continue;
    }
    program_.phrases[atom].is_trigger = true;
    const auto [found, is_new] =
        trigger_ids_.try_emplace(Use(atom, chain), static_cast<uint32_t>(program_.triggers.size()));
    if (is_new) {
      program_.triggers.push_back({.conditions = chains_[chain], .rules = {}});
      program_.phrase_triggers[atom].push_back(found->second);
    }
    program_.triggers[found->second].rules.push_back(rule);
  }
}

}  // namespace

void ChooseTriggers(const std::vector<std::optional<WordKey>>& keys, Program* program) {
  TriggerChooser(keys, program).Run();
}

}  // namespace tocsin::rules
