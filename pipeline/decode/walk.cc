#include "pipeline/decode/walk.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace tocsin {
namespace {

namespace dom = simdjson::dom;

template <typename Number>
bool IsOneOf(const std::vector<Pattern>& values, Number number) {
  std::array<char, std::numeric_limits<Number>::digits10 + 2> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  const std::string_view text(digits.data(), end.ptr - digits.data());
  return std::any_of(values.begin(), values.end(),
                     [text](const Pattern& pattern) { return pattern.Matches(text); });
}

bool IsOneOf(const std::vector<Pattern>& values, std::string_view text) {
  return std::any_of(values.begin(), values.end(),
                     [text](const Pattern& pattern) { return pattern.Matches(text); });
}

bool IsOneOf(const std::vector<Pattern>& values, const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::STRING:
      return IsOneOf(values, value.get_string().value_unsafe());
    case dom::element_type::BOOL:
      return IsOneOf(values, std::string_view(value.get_bool().value_unsafe() ? "true" : "false"));
    case dom::element_type::INT64:
      return IsOneOf(values, value.get_int64().value_unsafe());
    case dom::element_type::UINT64:
      return IsOneOf(values, value.get_uint64().value_unsafe());
    default:
      return false;
  }
}

}  // namespace

bool Walk::Holds(const Condition& condition, const Element& value) {
  // A list has no members of its own: its elements count on the way, not where it begins.
  const bool is_listless = condition.path.empty() || value.is_object();
  return (is_listless && LeadsTo(condition, 0, value)) != condition.is_negated;
}

bool Walk::LeadsTo(const Condition& condition, size_t at, const Element& value) {
  if (value.is_array()) {
    const dom::array array = value.get_array().value_unsafe();
    for (const Element element : array) {
      if (LeadsTo(condition, at, element)) return true;
    }
    return false;
  }
  if (at == condition.path.size()) {
    return condition.values.empty() ? !value.is_null() : IsOneOf(condition.values, value);
  }
  Element next;
  return value.is_object() &&
         value.get_object().value_unsafe().at_key(condition.path[at]).get(next) ==
             simdjson::SUCCESS &&
         LeadsTo(condition, at + 1, next);
}

void Walk::Add(const Selector& selector, uint32_t target) {
  uint32_t node = 0;
  const uint64_t bit = uint64_t{1} << target;
  nodes_.front().mask |= bit;
  for (const Step& step : selector.steps) {
    const bool is_bare = step.kind == Step::Kind::kDocument && step.conditions.empty();
    if (is_bare) continue;
    node = ChildFor(node, step);
    nodes_[node].mask |= bit;
  }
  nodes_[node].targets.push_back(target);
  for (Node& each : nodes_) {
    for (std::vector<Edge>* const edges : {&each.keys, &each.others}) {
      for (Edge& edge : *edges) edge.leaf_target = LeafTarget(nodes_[edge.node]);
    }
  }
}

uint32_t Walk::LeafTarget(const Node& node) {
  const bool is_leaf = node.keys.empty() && node.others.empty() && node.deep.empty();
  const bool is_plain = node.conditions.empty() && node.targets.size() == 1;
  return is_leaf && is_plain ? node.targets.front() : kNoTarget;
}

uint32_t Walk::ChildFor(uint32_t node, const Step& step) {
  const auto edges_for = [&]() -> std::vector<Edge>& {
    switch (step.kind) {
      case Step::Kind::kKey:
        return nodes_[node].keys;
      case Step::Kind::kAny:
      case Step::Kind::kPrefix:
        return nodes_[node].others;
      default:
        return nodes_[node].deep;
    }
  };
  // What one selector found within **! must not end another's search.
  const bool is_shared = step.kind != Step::Kind::kDeepOutermost;
  for (const Edge& edge : edges_for()) {
    if (is_shared && edge.step == step) return edge.node;
  }
  const auto child = static_cast<uint32_t>(nodes_.size());
  edges_for().push_back({.step = step, .node = child});
  if (step.kind == Step::Kind::kKey) {
    std::vector<Edge>& keys = nodes_[node].keys;
    keys.back().next_key = std::exchange(nodes_[node].first_key[BucketOf(step.text)],
                                         static_cast<uint8_t>(keys.size()));
  }
  nodes_.push_back({.conditions = step.conditions});
  return child;
}

}  // namespace tocsin
