#include "rules/compile/expr_plans.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rules/compile/word_share.h"

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
  } else if (expr.op == Op::kNear) {
    Collect(program, program.expr_plans[id].first, phrases);
  } else if (!expr.children.empty()) {
    Collect(program, expr.children[0], phrases);
  }
}

// The widest gap that an occurrence may hold, of those that Gaps knows the runs between.
Gap WidestGapOf(const Program& program, uint32_t id) {
  const Expr& expr = program.exprs[id];
  if (expr.op == Op::kPhrase) {
    return std::max(Gap::kPunctuation, program.phrases[expr.atom].phrase.gap_max);
  }
  if (expr.op == Op::kNear) return expr.reach.gap_max;
  if (expr.op == Op::kNotNear) return WidestGapOf(program, expr.children[0]);
  Gap widest = Gap::kPunctuation;
  for (const uint32_t child : expr.children) {
    widest = std::max(widest, WidestGapOf(program, child));
  }
  return widest;
}

ExprPlan Measure(const Program& program, const Expr& expr) {
  ExprPlan plan = {.op = expr.op, .scope = expr.scope, .reach = expr.reach, .atom = expr.atom};
  if (expr.op == Op::kNear || expr.op == Op::kNotNear) {
    plan.first = expr.children[0];
    plan.second = expr.children[1];
  }
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
    shares_.push_back(ShareOf(expr));
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
      case Op::kNear: {
        const auto cost = [&](size_t i) {
          return std::pair(!by_triggers(expr.children[i]), shares_[expr.children[i]]);
        };
        plan.first_is_left = cost(0) <= cost(1);
        if (!plan.first_is_left) std::swap(plan.first, plan.second);
        plan.by_triggers = by_triggers(plan.first);
        break;
      }
      default:  // kNot, kNotNear, kAtLeast
        plan.by_triggers = by_triggers(expr.children[0]);
        break;
    }
  }

 private:
  // About how many articles hold what must occur in it.
  double ShareOf(const Expr& expr) const {
    if (expr.op == Op::kPhrase) return PhraseShare(program_.phrases[expr.atom].phrase);
    if (expr.children.empty()) return 1;
    double share = shares_[expr.children[0]];
    for (size_t i = 1; i < expr.children.size(); ++i) {
      const double other = shares_[expr.children[i]];
      if (expr.op == Op::kOr) share += other;
      if (expr.op == Op::kNear) share = std::min(share, other);
    }
    return share;
  }

  bool IsFoundAnyway(uint32_t phrase) const {
    return program_.phrases[phrase].is_trigger || !program_.phrases[phrase].has_key;
  }

  // The scope of an OR of nothing but phrases in one scope.
  std::optional<Scope> ScopeOfPhrases(uint32_t id) const {
    const Expr& expr = program_.exprs[id];
    if (expr.op == Op::kPhrase) return expr.scope;
    const ExprPlan& plan = program_.expr_plans[id];
    const bool is_set = expr.op == Op::kOr && plan.set != ExprPlan::kNone && plan.others.empty();
    return is_set ? std::optional(plan.scope) : std::nullopt;
  }

  // Phrases are looked up together, not one by one.
  void PlanOr(const Expr& expr, ExprPlan* plan) {
    std::vector<uint32_t> phrases;
    std::vector<uint32_t> others;
    std::optional<Scope> set_scope;
    for (const uint32_t child : expr.children) {
      const std::optional<Scope> scope = ScopeOfPhrases(child);
      if (!scope || (set_scope && *scope != *set_scope)) {
        others.push_back(child);
        continue;
      }
      set_scope = scope;
      Collect(program_, child, &phrases);
    }
    for (const uint32_t other : others) AddOther(other, plan);
    for (OtherExprs& alike : plan->others) AddNeed(&alike);
    if (!set_scope) return;
    plan->set_by_triggers = std::all_of(phrases.begin(), phrases.end(),
                                        [this](uint32_t phrase) { return IsFoundAnyway(phrase); });
    plan->scope = *set_scope;
    plan->set = static_cast<uint32_t>(program_.sets.size());
    program_.sets.emplace_back(std::move(phrases), program_.phrases.size());
  }

  void AddOther(uint32_t id, ExprPlan* plan) const {
    const ExprPlan& other = program_.expr_plans[id];
    const Gap gap_max = other.has_spans ? WidestGapOf(program_, id) : Gap::kField;
    auto alike =
        std::find_if(plan->others.begin(), plan->others.end(), [&](const OtherExprs& exprs) {
          return exprs.gap_max == gap_max && exprs.by_triggers == other.by_triggers;
        });
    if (alike == plan->others.end()) {
      alike = plan->others.insert(alike,
                                  OtherExprs{.by_triggers = other.by_triggers, .gap_max = gap_max});
    }
    alike->exprs.push_back(id);
    alike->tokens_max = std::max(alike->tokens_max, other.tokens_max);
  }

  void AddNeed(OtherExprs* alike) {
    if (alike->gap_max == Gap::kField) return;
    std::vector<uint32_t> phrases;
    for (const uint32_t expr : alike->exprs) Collect(program_, expr, &phrases);
    alike->need = static_cast<uint32_t>(program_.sets.size());
    program_.sets.emplace_back(std::move(phrases), program_.phrases.size());
  }

  Program& program_;
  std::vector<double> shares_;  // by expression
};

void MarkPhrases(Program* program) {
  program->phrase_marks.resize(program->phrases.size());
  for (uint32_t phrase = 0; phrase < program->phrases.size(); ++phrase) {
    program->phrase_marks[phrase] = MarkOf(phrase);
  }
  for (uint32_t set = 0; set < program->sets.size(); ++set) {
    for (const uint32_t phrase : program->sets[set].phrases()) {
      program->phrase_marks[phrase] |= MarkOf(set);
    }
  }
}

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
  MarkPhrases(program);
}

}  // namespace tocsin::rules
