#include "rules/compile/expr_plans.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tocsin::rules {
namespace {

constexpr uint32_t kUnbounded = UINT32_MAX;

uint32_t Sum(uint32_t a, uint32_t b) { return a > kUnbounded - b ? kUnbounded : a + b; }

void Collect(const Program& program, uint32_t id, std::vector<uint32_t>* phrases) {
  const Expr& expr = program.exprs[id];
  if (expr.op == Op::kPhrase) {
    phrases->push_back(expr.atom);
  } else if (expr.op == Op::kOr) {
    for (const uint32_t child : expr.children) Collect(program, child, phrases);
  } else if (!expr.children.empty()) {
    Collect(program, expr.children[0], phrases);
  }
}

ExprPlan Measure(const Program& program, const Expr& expr) {
  ExprPlan plan;
  const auto child = [&](size_t i) -> const ExprPlan& {
    return program.expr_plans[expr.children[i]];
  };
  switch (expr.op) {
    case Op::kPhrase:
      plan.has_spans = true;
      plan.tokens_max = static_cast<uint32_t>(program.phrases[expr.atom].phrase.tokens.size());
      break;
    case Op::kOr:
      plan.has_spans = true;
      for (size_t i = 0; i < expr.children.size(); ++i) {
        plan.has_spans = plan.has_spans && child(i).has_spans;
        plan.tokens_max = std::max(plan.tokens_max, child(i).tokens_max);
      }
      break;
    case Op::kNear:
      plan.has_spans = true;
      plan.tokens_max = Sum(expr.reach.tokens_max, Sum(child(0).tokens_max, child(1).tokens_max));
      break;
    case Op::kNotNear:
      plan.has_spans = true;
      plan.tokens_max = child(0).tokens_max;
      break;
    default:
      break;
  }
  return plan;
}

class Planner {
 public:
  explicit Planner(Program* program) : program_(*program) {}

  void Plan(uint32_t id) {
    const Expr& expr = program_.exprs[id];
    ExprPlan& plan = program_.expr_plans[id];
    const auto by_triggers = [this](uint32_t child) {
      return program_.expr_plans[child].by_triggers;
    };
    switch (expr.op) {
      case Op::kPhrase:
        plan.by_triggers = IsFoundAnyway(expr.atom);
        break;
      case Op::kRegex:
        plan.by_triggers = program_.regexes[expr.atom].is_trigger;
        break;
      case Op::kOr:
        PlanOr(expr, &plan);
        [[fallthrough]];
      case Op::kAnd:
        plan.by_triggers = std::all_of(expr.children.begin(), expr.children.end(), by_triggers);
        break;
      case Op::kNear:
        plan.first = by_triggers(expr.children[0]) || !by_triggers(expr.children[1]) ? 0 : 1;
        plan.by_triggers = by_triggers(expr.children[plan.first]);
        break;
      default:  // kNot, kNotNear, kAtLeast
        plan.by_triggers = by_triggers(expr.children[0]);
        break;
    }
  }

 private:
  bool IsFoundAnyway(uint32_t phrase) const {
    return program_.phrases[phrase].is_trigger || !program_.phrases[phrase].has_key;
  }

  // The scope of an OR of nothing but phrases in one scope.
  std::optional<Scope> ScopeOfPhrases(uint32_t id) const {
    const Expr& expr = program_.exprs[id];
    if (expr.op == Op::kPhrase) return expr.scope;
    const ExprPlan& plan = program_.expr_plans[id];
    const bool is_set = expr.op == Op::kOr && plan.set != ExprPlan::kNone && plan.others.empty();
    return is_set ? std::optional(plan.set_scope) : std::nullopt;
  }

  // Phrases are looked up together, not one by one.
  void PlanOr(const Expr& expr, ExprPlan* plan) {
    std::vector<uint32_t> phrases;
    std::optional<Scope> set_scope;
    for (const uint32_t child : expr.children) {
      const std::optional<Scope> scope = ScopeOfPhrases(child);
      if (!scope || (set_scope && *scope != *set_scope)) {
        plan->others.push_back(child);
        continue;
      }
      set_scope = scope;
      Collect(program_, child, &phrases);
    }
    if (!set_scope) return;
    plan->set_by_triggers = std::all_of(phrases.begin(), phrases.end(),
                                        [this](uint32_t phrase) { return IsFoundAnyway(phrase); });
    plan->set_scope = *set_scope;
    plan->set = static_cast<uint32_t>(program_.sets.size());
    program_.sets.emplace_back(std::move(phrases), program_.phrases.size());
  }

  Program& program_;
};

}  // namespace

std::vector<uint32_t> PhrasesThatMustOccur(const Program& program, uint32_t expr) {
  std::vector<uint32_t> phrases;
  Collect(program, expr, &phrases);
  return phrases;
}

void MeasureExprs(Program* program) {
  program->expr_plans.clear();
  for (const Expr& expr : program->exprs) {
    program->expr_plans.push_back(Measure(*program, expr));
  }
  for (const PhraseAtom& atom : program->phrases) {
    program->phrase_tokens_max =
        std::max(program->phrase_tokens_max, static_cast<uint32_t>(atom.phrase.tokens.size()));
  }
}

void PlanExprs(Program* program) {
  Planner planner(program);
  for (uint32_t id = 0; id < program->exprs.size(); ++id) planner.Plan(id);
}

}  // namespace tocsin::rules
