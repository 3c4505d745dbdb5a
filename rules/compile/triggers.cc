#include "rules/compile/triggers.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace tocsin::rules {
namespace {

constexpr uint32_t kRegexTrigger = uint32_t{1} << 31;  // tells a regex from a phrase

class TriggerChooser {
 public:
  explicit TriggerChooser(Program* program) : program_(*program) {}
  void Run();

 private:
  using Triggers = std::optional<std::set<uint32_t>>;  // nullopt: there is no such set

  Triggers TriggersOf(uint32_t expr, bool holds) const;
  Triggers RarestOf(const std::vector<uint32_t>& exprs, bool holds) const;
  Triggers UnionOf(const std::vector<uint32_t>& exprs, bool holds) const;
  bool IsBetter(const std::set<uint32_t>& triggers, const std::set<uint32_t>& than) const;
  bool IsTrigger(uint32_t trigger) const;
  void MarkForced(uint32_t expr);
  void TriggerBy(const std::set<uint32_t>& triggers, uint32_t rule);

  Program& program_;
};

// holds: of the expression; else of its negation.
TriggerChooser::Triggers TriggerChooser::TriggersOf(uint32_t id, bool holds) const {
  const Expr& expr = program_.exprs[id];
  switch (expr.op) {
    case Op::kPhrase:
      return holds ? Triggers({expr.atom}) : std::nullopt;
    case Op::kRegex:
      return holds ? Triggers({expr.atom | kRegexTrigger}) : std::nullopt;
    case Op::kNot:
      return TriggersOf(expr.children[0], !holds);
    case Op::kOr:
      return holds ? UnionOf(expr.children, true) : RarestOf(expr.children, false);
    case Op::kAnd:
      return holds ? RarestOf(expr.children, true) : UnionOf(expr.children, false);
    case Op::kNear:
      return holds ? RarestOf(expr.children, true) : std::nullopt;
    default:  // kNotNear, kAtLeast: their first child must occur
      return holds ? TriggersOf(expr.children[0], true) : std::nullopt;
  }
}

TriggerChooser::Triggers TriggerChooser::UnionOf(const std::vector<uint32_t>& exprs,
                                                 bool holds) const {
  std::set<uint32_t> all;
  for (const uint32_t child : exprs) {
    const Triggers triggers = TriggersOf(child, holds);
    if (!triggers) return std::nullopt;
    all.insert(triggers->begin(), triggers->end());
  }
  return all;
}

TriggerChooser::Triggers TriggerChooser::RarestOf(const std::vector<uint32_t>& exprs,
                                                  bool holds) const {
  Triggers best;
  for (const uint32_t child : exprs) {
    Triggers triggers = TriggersOf(child, holds);
    if (triggers && (!best || IsBetter(*triggers, *best))) best = std::move(triggers);
  }
  return best;
}

bool TriggerChooser::IsTrigger(uint32_t trigger) const {
  const bool is_regex = (trigger & kRegexTrigger) != 0;
  return is_regex ? program_.regexes[trigger & ~kRegexTrigger].is_trigger
                  : program_.phrases[trigger].is_trigger;
}

// What is searched for anyway costs nothing more. Of new ones few are better, and long: they are
// rare. A regex is the last resort.
bool TriggerChooser::IsBetter(const std::set<uint32_t>& triggers,
                              const std::set<uint32_t>& than) const {
  const auto cost = [this](const std::set<uint32_t>& all) {
    size_t added = 0;
    size_t shortest = SIZE_MAX;
    for (const uint32_t trigger : all) {
      const bool is_regex = (trigger & kRegexTrigger) != 0;
      added += static_cast<size_t>(!IsTrigger(trigger));
      shortest = std::min(shortest, is_regex ? 0 : program_.phrases[trigger].anchor.literal.size());
    }
    return std::tuple(shortest == 0, added > 0, SIZE_MAX - shortest, added);
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
  program_.phrase_rules.resize(program_.phrases.size());
  program_.regex_rules.resize(program_.regexes.size());
  for (const RulePlan& plan : program_.plans) MarkForced(plan.expr);
  for (uint32_t rule = 0; rule < program_.plans.size(); ++rule) {
    // ProgramBuilder refuses queries that hold for the empty article: only they lack triggers.
    const Triggers triggers = TriggersOf(program_.plans[rule].expr, true);
    if (triggers) TriggerBy(*triggers, rule);
  }
}

void TriggerChooser::TriggerBy(const std::set<uint32_t>& triggers, uint32_t rule) {
  for (const uint32_t trigger : triggers) {
    if ((trigger & kRegexTrigger) != 0) {
      program_.regexes[trigger & ~kRegexTrigger].is_trigger = true;
      program_.regex_rules[trigger & ~kRegexTrigger].push_back(rule);
    } else {
      program_.phrases[trigger].is_trigger = true;
      program_.phrase_rules[trigger].push_back(rule);
    }
  }
}

}  // namespace

void ChooseTriggers(Program* program) { TriggerChooser(program).Run(); }

}  // namespace tocsin::rules
