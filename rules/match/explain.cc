#include "rules/match/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "rules/match/proximity.h"

namespace tocsin::rules {
namespace {

constexpr size_t kPairsMax = 1'000'000;

std::string_view ScopePrefix(Scope scope) {
  switch (scope) {
    case Scope::kTitle:
      return "title:";
    case Scope::kLead:
      return "lead:";
    case Scope::kBody:
      return "body:";
    default:
      return "";
  }
}

std::string PhraseText(const Phrase& phrase) {
  if (!phrase.written.empty()) return fmt::format("{{{}}}", fmt::join(phrase.written, " "));
  const std::string words = fmt::format("{}", fmt::join(phrase.tokens, " "));
  return phrase.tokens.size() == 1 ? words : fmt::format("\"{}\"", words);
}

std::string ReachText(const Reach& reach) {
  const std::string_view name = reach.ordered ? "ONEAR" : "NEAR";
  if (reach.gap_max == Gap::kPunctuation) return fmt::format("{}/S", name);
  if (reach.gap_max == Gap::kSentence) return fmt::format("{}/P", name);
  return fmt::format("{}/{}", name, reach.tokens_max);
}

std::string ExprText(const Program& program, const Expr& expr) {
  switch (expr.op) {
    case Op::kPhrase:
      return fmt::format("{}{}", ScopePrefix(expr.scope),
                         PhraseText(program.phrases[expr.atom].phrase));
    case Op::kRegex:
      return fmt::format("{}/{}/", ScopePrefix(expr.scope), program.regexes[expr.atom].pattern);
    case Op::kOr:
      return "OR";
    case Op::kAnd:
      return "AND";
    case Op::kNot:
      return "NOT";
    case Op::kNear:
      return ReachText(expr.reach);
    case Op::kNotNear:
      return "NOT " + ReachText(expr.reach);
    default:
      return fmt::format("ATLEAST/{}", expr.count_min);
  }
}

std::string_view GapText(Gap gap) {
  switch (gap) {
    case Gap::kSentence:
      return "a sentence ends between them";
    case Gap::kParagraph:
      return "a paragraph ends between them";
    default:
      return "they stand in different fields";
  }
}

struct Pair {
  const Occurrence* before;
  const Occurrence* behind;
  uint32_t distance() const { return behind->first - before->last; }
};

// The two that come nearest without overlapping, whatever lies between.
std::optional<Pair> NearestPair(const Occurrences& left, const Occurrences& right, bool ordered) {
  std::optional<Pair> nearest;
  const auto consider = [&](const Occurrence& before, const Occurrence& behind) {
    if (behind.first <= before.last || behind.span.field != before.span.field) return;
    const Pair pair{&before, &behind};
    if (!nearest || pair.distance() < nearest->distance()) nearest = pair;
  };
  for (const Occurrence& l : left) {
    for (const Occurrence& r : right) {
      consider(l, r);
      if (!ordered) consider(r, l);
    }
  }
  return nearest;
}

std::string WhyNotNear(const Occurrences& left, const Occurrences& right, const Reach& reach,
                       Gaps* gaps) {
  if (left.size() * right.size() > kPairsMax) return "none of them come near enough";
  const std::optional<Pair> nearest = NearestPair(left, right, reach.ordered);
  if (!nearest) {
    if (reach.ordered && NearestPair(left, right, false)) return "they stand in the other order";
    const bool same_field = std::any_of(left.begin(), left.end(), [&](const Occurrence& l) {
      return std::any_of(right.begin(), right.end(),
                         [&](const Occurrence& r) { return r.span.field == l.span.field; });
    });
    return std::string(same_field ? "they overlap" : GapText(Gap::kField));
  }
  std::string why = fmt::format("the nearest are {} token{} apart", nearest->distance(),
                                nearest->distance() == 1 ? "" : "s");
  if (nearest->distance() > reach.tokens_max)
    return why + fmt::format(", at most {} allowed", reach.tokens_max);
  const Gap widest = gaps->Widest(nearest->before->first, nearest->behind->last, Gap::kField);
  if (widest > reach.gap_max) why += fmt::format(", but {}", GapText(widest));
  return why;
}

// Each left occurrence that is not clean, with the first right one that alone excludes it.
void FindExclusions(const Occurrences& left, const Occurrences& right, const Occurrences& clean,
                    const Reach& reach, Gaps* gaps, std::vector<Exclusion>* excluded) {
  if (left.size() * right.size() > kPairsMax) return;
  for (const Occurrence& l : left) {
    if (std::find(clean.begin(), clean.end(), l) != clean.end()) continue;
    for (const Occurrence& r : right) {
      Occurrences near;
      FindNear({l}, {r}, reach, gaps, &near);
      if (near.empty()) continue;
      excluded->push_back({.span = l.span, .by = r.span});
      break;
    }
  }
}

void ExplainProximity(const Program& program, uint32_t id, Evaluator* evaluator, Explanation* why) {
  const Expr& expr = program.exprs[id];
  const Occurrences& left = evaluator->Find(expr.children[0]);
  const Occurrences& right = evaluator->Find(expr.children[1]);
  if (expr.op == Op::kNear) {
    if (why->holds || left.empty() || right.empty()) return;
    why->why = WhyNotNear(left, right, expr.reach, evaluator->gaps());
    return;
  }
  const Occurrences& clean = evaluator->Find(id);
  if (!why->holds && !left.empty()) why->why = "every occurrence is excluded";
  FindExclusions(left, right, clean, expr.reach, evaluator->gaps(), &why->excluded);
}

bool HasOccurrences(const Explanation& why) {
  if (why.op == Op::kOr)
    return std::all_of(why.children.begin(), why.children.end(), HasOccurrences);
  return why.op == Op::kPhrase || why.op == Op::kRegex || why.op == Op::kNear ||
         why.op == Op::kNotNear;
}

}  // namespace

Explanation Explain(const Program& program, uint32_t id, Evaluator* evaluator) {
  const Expr& expr = program.exprs[id];
  Explanation why{.op = expr.op, .text = ExprText(program, expr)};
  if (const auto name = program.names.find(id); name != program.names.end())
    why.name = name->second;
  why.holds = evaluator->Holds(id);
  for (const uint32_t child : expr.children) {
    why.children.push_back(Explain(program, child, evaluator));
  }
  if (HasOccurrences(why)) {
    for (const Occurrence& occurrence : evaluator->Find(id)) {
      why.occurrences.push_back(occurrence.span);
    }
    std::sort(why.occurrences.begin(), why.occurrences.end());
  }
  if (expr.op == Op::kNear || expr.op == Op::kNotNear) {
    ExplainProximity(program, id, evaluator, &why);
  }
  if (expr.op == Op::kAtLeast) {
    const uint32_t count = evaluator->CountDistinct(expr.children[0]);
    why.why = fmt::format("{} distinct occurrence{}, {} wanted", count, count == 1 ? "" : "s",
                          expr.count_min);
  }
  return why;
}

}  // namespace tocsin::rules
