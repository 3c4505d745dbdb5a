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
#include <cstring>
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

  static constexpr uint32_t kNoTarget = UINT32_MAX;

  struct Edge {
    Step step;
    uint32_t node;
    uint32_t leaf_target = kNoTarget;  // all that the node is for
    uint8_t next_key = 0;              // 1 + the place in keys of the next in its bucket
  };

  struct Node {
    uint64_t mask = 0;  // of its targets and those below it
    std::vector<uint32_t> targets;
    std::vector<Condition> conditions;
    std::vector<Edge> keys;
    std::vector<Edge> others;                   // prefixes and any
    std::vector<Edge> deep;                     // and conditions on the document itself
    std::array<uint8_t, kBuckets> first_key{};  // by bucket: 1 + the place in keys of the first
  };

  // Tells most keys from those looked for, before any is compared.
  static size_t BucketOf(std::string_view key) {
    if (key.empty()) return 0;
    const auto head = static_cast<unsigned char>(key.front());
    const auto tail = static_cast<unsigned char>(key.back());
    return (key.size() * 7 + head + size_t{3} * tail) % kBuckets;
  }

  // Keys are short: a call would cost more than what it compares.
  static bool IsSame(std::string_view left, std::string_view right) {
    const size_t size = left.size();
    if (size != right.size()) return false;
    const char* const a = left.data();
    const char* const b = right.data();
    if (size > 2 * sizeof(uint64_t)) return std::memcmp(a, b, size) == 0;
    if (size >= sizeof(uint64_t)) return EndsAreSame<uint64_t>(a, b, size);
    if (size >= sizeof(uint32_t)) return EndsAreSame<uint32_t>(a, b, size);
    if (size >= sizeof(uint16_t)) return EndsAreSame<uint16_t>(a, b, size);
    return size == 0 || *a == *b;
  }

  // Of texts that are no longer than two words.
  template <typename Word>
  static bool EndsAreSame(const char* a, const char* b, size_t size) {
    const auto differ = [a, b](size_t at) {
      Word left = 0;
      Word right = 0;
      std::memcpy(&left, a + at, sizeof left);
      std::memcpy(&right, b + at, sizeof right);
      return left ^ right;
    };
    return (differ(0) | differ(size - sizeof(Word))) == 0;
  }

  static bool Holds(const Condition& condition, const Element& value);
  static bool LeadsTo(const Condition& condition, size_t at, const Element& value);

  uint32_t ChildFor(uint32_t node, const Step& step);
  static uint32_t LeafTarget(const Node& node);

  template <typename Found>
  bool EnterChild(const Node& node, Element value, uint32_t ordinal, Found& found) const {
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
  bool EnterDeepChild(const Edge& edge, Element value, uint32_t ordinal, Found& found) const {
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
  static bool IsSettled(uint64_t targets, const Found& found) {
    if constexpr (requires { found.settled(); }) {
      return (targets & ~found.settled()) == 0;
    } else {
      return false;
    }
  }

  // Whether anything was found.
  template <typename Found>
  [[gnu::noinline]] bool Enter(const Node& node, Element value, Found& found) const {
    if (IsSettled(node.mask, found) || value.is_null()) return false;
    for (const Condition& condition : node.conditions) {
      if (!Holds(condition, value)) return false;
    }
    for (const uint32_t target : node.targets) found(target, value);
    bool any = !node.targets.empty();
    if (!node.keys.empty() || !node.others.empty()) any |= EnterChildren(node, value, found);
    for (const Edge& edge : node.deep) any |= EnterDeep(edge, value, found);
    return any;
  }

  // What leads to most values stands where it is called.
  template <typename Found>
  [[gnu::always_inline]] bool EnterMember(const Edge& edge, Element value, uint32_t ordinal,
                                          Found& found) const {
    const bool is_told_way = requires { found.Down(ordinal); };
    if (is_told_way || edge.leaf_target == kNoTarget) {
      return EnterChild(nodes_[edge.node], value, ordinal, found);
    }
    if (IsSettled(uint64_t{1} << edge.leaf_target, found) || value.is_null()) return false;
    found(edge.leaf_target, value);
    return true;
  }

  template <typename Found>
  bool EnterChildren(const Node& node, Element value, Found& found) const {
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
  [[gnu::noinline]] bool EnterMembers(const Node& node, const simdjson::dom::object& object,
                                      Found& found) const {
    const Edge* const edges = node.keys.data();
    const bool has_others = !node.others.empty();
    bool any = false;
    uint64_t seen = 0;
    uint32_t ordinal = 0;
    const auto end = object.end();
    for (auto member = object.begin(); member != end; ++member) {
      const std::string_view key = member.key();
      size_t at = node.first_key[BucketOf(key)];
      while (at != 0) {
        const Edge& edge = edges[at - 1];
        const uint64_t bit = uint64_t{1} << at;
        at = edge.next_key;
        if (!IsSame(edge.step.text, key) || (seen & bit) != 0) continue;
        seen |= bit;
        any |= EnterMember(edge, member.value(), ordinal, found);
      }
      if (has_others) any |= EnterByOthers(node, key, member.value(), ordinal, found);
      ++ordinal;
    }
    return any;
  }

  template <typename Found>
  [[gnu::noinline]] bool EnterByOthers(const Node& node, std::string_view key, Element value,
                                       uint32_t ordinal, Found& found) const {
    bool any = false;
    for (const Edge& edge : node.others) {
      const bool leads_on = edge.step.kind == Step::Kind::kAny || key.starts_with(edge.step.text);
      if (leads_on) any |= EnterMember(edge, value, ordinal, found);
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
        any |= EnterMember(edge, element, ordinal, found);
      }
      ++ordinal;
    }
    return any;
  }

  template <typename Found>
  bool EnterDeep(const Edge& edge, Element value, Found& found) const {
    if (IsSettled(nodes_[edge.node].mask, found)) return false;
    bool any = Enter(nodes_[edge.node], value, found);
    if (edge.step.kind == Step::Kind::kDocument) return any;
    if (any && edge.step.kind == Step::Kind::kDeepOutermost) return true;
    uint32_t ordinal = 0;
    if (value.is_object()) {
      const simdjson::dom::object object = value.get_object().value_unsafe();
      for (const auto [key, member] : object) {
        any |= EnterDeepChild(edge, member, ordinal++, found);
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
