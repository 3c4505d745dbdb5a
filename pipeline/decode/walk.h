// Many selectors, found in one pass over a document.
//
//   Walk walk;
//   walk.Add(selector, 3);
//   auto found = [](uint32_t target, const simdjson::dom::element& value) { ... };
//   walk.Run(root, found);
//
// Shape     the selectors are merged by what they begin with. The values of one target come in
//           document order, but for those of **/*: a level before what is below it. With all that a
//           selector tells no difference between: of two members with the same key a key means
//           the first; * and ^ take both. null is passed over. A
//           visitor with Down(ordinal) and Up() is told the way: of members and elements alike the
//           place among their siblings. One with settled() is spared the targets whose bits that
//           has, as far as no other target lies on the way to them.
// Cost      each object and array that a selector leads through is read once, what lies beside the
//           way is skipped; ** reads all below it. No allocation.
// Threads   Run from any, once no more is added.
#ifndef TOCSIN_PIPELINE_DECODE_WALK_H_
#define TOCSIN_PIPELINE_DECODE_WALK_H_

#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/selector.h"

namespace tocsin {

class Walk {
 public:
  static constexpr size_t kSelectorsMax = 63;  // a bit for each, where keys were seen

  Walk() : nodes_(1) {}

  // At most kSelectorsMax of them.
  void Add(const Selector& selector, uint32_t target);

  template <typename Found>
  void Run(const simdjson::dom::element& root, Found& found) const {
    Enter(nodes_.front(), root, found);
  }

 private:
  using Element = simdjson::dom::element;

  static constexpr size_t kBuckets = 64;

  struct Edge {
    Step step;
    uint32_t node;
    uint8_t next_key = 0;  // 1 + the place in keys of the next in its bucket
  };

  struct Node {
    bool is_bare_leaf = true;  // without conditions, nothing below
    uint64_t mask = 0;         // of its targets and those below it
    std::vector<uint32_t> targets;
    std::vector<Condition> conditions;
    std::vector<Edge> keys;
    std::vector<Edge> others;                   // prefixes and any
    std::vector<Edge> deep;                     // and conditions on the document itself
    std::array<uint8_t, kBuckets> first_key{};  // by bucket: 1 + the place in keys of the first
  };

  // Tells most keys from those looked for, before any is compared.
  static size_t BucketOf(std::string_view key) {
    const auto head = key.empty() ? 0U : static_cast<unsigned char>(key.front());
    return (key.size() * 7 + head) % kBuckets;
  }

  static bool Holds(const Condition& condition, const Element& value);
  static bool LeadsTo(const Condition& condition, size_t at, const Element& value);

  uint32_t ChildFor(uint32_t node, const Step& step);

  template <typename Found>
  bool EnterChild(const Node& node, const Element& value, uint32_t ordinal, Found& found) const {
    if constexpr (requires { found.Down(ordinal); }) {
      found.Down(ordinal);
      const bool any = Enter(node, value, found);
      found.Up();
      return any;
    } else {
      return Enter(node, value, found);
    }
  }

  template <typename Found>
  bool EnterDeepChild(const Edge& edge, const Element& value, uint32_t ordinal,
                      Found& found) const {
    if constexpr (requires { found.Down(ordinal); }) {
      found.Down(ordinal);
      const bool any = EnterDeep(edge, value, found);
      found.Up();
      return any;
    } else {
      return EnterDeep(edge, value, found);
    }
  }

  template <typename Found>
  static bool IsSettled(const Node& node, const Found& found) {
    if constexpr (requires { found.settled(); }) {
      return (node.mask & ~found.settled()) == 0;
    } else {
      return false;
    }
  }

  // Whether anything was found.
  template <typename Found>
  [[gnu::always_inline]] bool Enter(const Node& node, const Element& value, Found& found) const {
    if (IsSettled(node, found) || value.is_null()) return false;
    if (!node.is_bare_leaf) return EnterBelow(node, value, found);
    for (const uint32_t target : node.targets) found(target, value);
    return true;
  }

  // Apart, so that what leads to most values, Enter, stands where it is called.
  template <typename Found>
  [[gnu::noinline]] bool EnterBelow(const Node& node, const Element& value, Found& found) const {
    for (const Condition& condition : node.conditions) {
      if (!Holds(condition, value)) return false;
    }
    for (const uint32_t target : node.targets) found(target, value);
    bool any = !node.targets.empty();
    if (!node.keys.empty() || !node.others.empty()) any |= EnterChildren(node, value, found);
    for (const Edge& edge : node.deep) any |= EnterDeep(edge, value, found);
    return any;
  }

  template <typename Found>
  bool EnterChildren(const Node& node, const Element& value, Found& found) const {
    switch (value.type()) {
      case simdjson::dom::element_type::OBJECT:
        return EnterMembers(node, value.get_object().value_unsafe(), found);
      case simdjson::dom::element_type::ARRAY:
        return EnterElements(node, value.get_array().value_unsafe(), found);
      default:
        return false;
    }
  }

  template <typename Found>
  bool EnterMembers(const Node& node, const simdjson::dom::object& object, Found& found) const {
    bool any = false;
    uint64_t seen = 0;
    uint32_t ordinal = 0;
    for (const simdjson::dom::key_value_pair& member : object) {
      uint8_t next = node.first_key[BucketOf(member.key)];
      while (next != 0) {
        const size_t i = next - 1U;
        const Edge& edge = node.keys[i];
        next = edge.next_key;
        if (edge.step.text != member.key || ((seen >> i) & 1) != 0) continue;
        seen |= uint64_t{1} << i;
        any |= EnterChild(nodes_[edge.node], member.value, ordinal, found);
      }
      for (const Edge& edge : node.others) {
        const bool leads_on =
            edge.step.kind == Step::Kind::kAny || member.key.starts_with(edge.step.text);
        if (leads_on) any |= EnterChild(nodes_[edge.node], member.value, ordinal, found);
      }
      ++ordinal;
    }
    return any;
  }

  template <typename Found>
  bool EnterElements(const Node& node, const simdjson::dom::array& array, Found& found) const {
    bool any = false;
    uint32_t ordinal = 0;
    for (const Element element : array) {
      for (const Edge& edge : node.keys) {
        if (edge.step.index == ordinal) {
          any |= EnterChild(nodes_[edge.node], element, ordinal, found);
        }
      }
      for (const Edge& edge : node.others) {
        if (edge.step.kind != Step::Kind::kAny) continue;
        any |= EnterChild(nodes_[edge.node], element, ordinal, found);
      }
      ++ordinal;
    }
    return any;
  }

  template <typename Found>
  bool EnterDeep(const Edge& edge, const Element& value, Found& found) const {
    if (IsSettled(nodes_[edge.node], found)) return false;
    bool any = Enter(nodes_[edge.node], value, found);
    if (edge.step.kind == Step::Kind::kDocument) return any;
    if (any && edge.step.kind == Step::Kind::kDeepOutermost) return true;
    uint32_t ordinal = 0;
    if (value.is_object()) {
      const simdjson::dom::object object = value.get_object().value_unsafe();
      for (const simdjson::dom::key_value_pair& member : object) {
        any |= EnterDeepChild(edge, member.value, ordinal++, found);
      }
    } else if (value.is_array()) {
      const simdjson::dom::array array = value.get_array().value_unsafe();
      for (const Element element : array) {
        any |= EnterDeepChild(edge, element, ordinal++, found);
      }
    }
    return any;
  }

  std::vector<Node> nodes_;  // the first is where every document begins
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_WALK_H_
