// The values that a walk found, by target.
//
//   found.Add(target, value);
//   for (auto at = found.First(target); at; found.Next(&at)) Use(*at.element);
//
// Shape     of each target in the order in which they were added. mask: a bit for each target of
//           which there are any.
// Cost      of the first value of a target a store; the others lie in one list for all targets,
//           beyond kValuesKept given back by Clear.
// Lifetime  as of the document.
#ifndef TOCSIN_PIPELINE_DECODE_FOUND_VALUES_H_
#define TOCSIN_PIPELINE_DECODE_FOUND_VALUES_H_

#include <simdjson.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/decode/walk.h"

namespace tocsin {

class FoundValues {
 public:
  using Element = simdjson::dom::element;

  static constexpr size_t kValuesKept = size_t{16} << 10;

  struct Cursor {
    const Element* element;  // null: at the end
    uint32_t target;
    size_t next;  // in more_

    explicit operator bool() const { return element != nullptr; }
  };

  void Clear() {
    mask_ = 0;
    several_ = 0;
    if (more_.size() > kValuesKept) more_ = {};
    more_.clear();
  }

  void Add(uint32_t target, Element element) {
    const uint64_t bit = uint64_t{1} << target;
    if ((mask_ & bit) == 0) {
      mask_ |= bit;
      first_[target] = element;
    } else {
      AddMore(target, element);
    }
  }

  uint64_t mask() const { return mask_; }

  // The one value of all these targets; null where there are none or several.
  const Element* Only(uint64_t targets) const {
    const uint64_t there = targets & mask_;
    const bool is_one = there != 0 && (there & (there - 1)) == 0 && (there & several_) == 0;
    return is_one ? &first_[static_cast<size_t>(std::countr_zero(there))] : nullptr;
  }

  Cursor First(uint32_t target) const {
    const bool is_there = ((mask_ >> target) & 1) != 0;
    return {.element = is_there ? &first_[target] : nullptr, .target = target, .next = 0};
  }

  void Next(Cursor* at) const {
    at->element = nullptr;
    if (((several_ >> at->target) & 1) == 0) return;
    while (at->next < more_.size() && at->element == nullptr) {
      const Value& value = more_[at->next++];
      if (value.target == at->target) at->element = &value.element;
    }
  }

 private:
  struct Value {
    Element element;
    uint32_t target;
  };

  [[gnu::noinline]] void AddMore(uint32_t target, Element element) {
    several_ |= uint64_t{1} << target;
    more_.push_back({.element = element, .target = target});
  }

  uint64_t mask_ = 0;
  uint64_t several_ = 0;  // of those with more than one
  std::array<Element, Walk::kSelectorsMax> first_;
  std::vector<Value> more_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_FOUND_VALUES_H_
