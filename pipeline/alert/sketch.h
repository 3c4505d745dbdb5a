// A text's bottom-k MinHash: its kSize smallest shingle hashes, which is a random sample of its
// shingles that every copy of the text draws alike.
//
//   SketchBuilder builder;
//   for (const uint32_t hash : shingles_of_lead) builder.Add(hash, /*in_lead=*/true);
//   const Sketch sketch = builder.Build();
//   const Overlap overlap = Compare(sketch, other);
//   if (overlap.containment() > 0.5) ...
//
// Shape     values: ascending, and distinct but for the lowest bit, which is 0 for a shingle of the
//           text's beginning. complete: they are all the shingles that the text has.
// Units     an Overlap counts shingles of the sample below both sketches' limits, so that
//           shared / left estimates which part of the left text's shingles the right one has.
// Cost      Add: amortized a comparison; Compare: one merge.
// Threads   one SketchBuilder a thread; the rest are values.
#ifndef TOCSIN_PIPELINE_ALERT_SKETCH_H_
#define TOCSIN_PIPELINE_ALERT_SKETCH_H_

#include <hwy/contrib/sort/vqsort.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tocsin {

struct Sketch {
  static constexpr size_t kSize = 64;

  std::array<uint32_t, kSize> values{};
  uint8_t size = 0;
  bool complete = true;

  static constexpr uint32_t ShingleOf(uint32_t value) { return value >> 1; }
  static constexpr bool IsInLead(uint32_t value) { return (value & 1) == 0; }

  std::span<const uint32_t> view() const { return std::span(values).first(size); }
  friend bool operator==(const Sketch&, const Sketch&) = default;
};

struct Overlap {
  struct Side {
    int shingles = 0;
    int in_lead = 0;
    int in_lead_shared = 0;

    double lead_containment() const {
      return in_lead == 0 ? 0 : static_cast<double>(in_lead_shared) / in_lead;
    }
  };
  Side left;
  Side right;
  int shared = 0;

  // Of the text of which less is missing from the other: 1 for a text and what it was cut from.
  double containment() const {
    const int smaller = std::min(left.shingles, right.shingles);
    return smaller == 0 ? 0 : static_cast<double>(shared) / smaller;
  }
};

// ignored(value): whether a shingle is to count for nothing.
template <typename Ignored>
Overlap Compare(const Sketch& left, const Sketch& right, Ignored ignored) {
  uint32_t limit = UINT32_MAX;
  for (const Sketch* sketch : {&left, &right}) {
    if (!sketch->complete) limit = std::min(limit, sketch->values[sketch->size - 1] | 1);
  }
  Overlap overlap;
  const auto count = [](Overlap::Side* side, uint32_t value, bool is_shared) {
    ++side->shingles;
    side->in_lead += Sketch::IsInLead(value);
    side->in_lead_shared += is_shared && Sketch::IsInLead(value);
  };
  constexpr uint64_t kEnd = UINT64_MAX;
  const auto at = [limit](const Sketch& sketch, size_t index) {
    return index < sketch.size && sketch.values[index] <= limit ? sketch.values[index] : kEnd;
  };
  for (size_t l = 0, r = 0; at(left, l) != kEnd || at(right, r) != kEnd;) {
    const uint64_t a = at(left, l);
    const uint64_t b = at(right, r);
    const bool is_left = a >> 1 <= b >> 1;
    const bool is_right = b >> 1 <= a >> 1;
    if (!ignored(static_cast<uint32_t>(std::min(a, b)))) {
      const bool is_shared = is_left && is_right;
      if (is_left) count(&overlap.left, static_cast<uint32_t>(a), is_shared);
      if (is_right) count(&overlap.right, static_cast<uint32_t>(b), is_shared);
      overlap.shared += is_shared;
    }
    l += is_left;
    r += is_right;
  }
  return overlap;
}

inline Overlap Compare(const Sketch& left, const Sketch& right) {
  return Compare(left, right, [](uint32_t) { return false; });
}

// Compare(left, right).shared, without branches that depend on the values.
inline int CountShared(const Sketch& left, const Sketch& right) {
  int shared = 0;
  for (size_t l = 0, r = 0; l < left.size && r < right.size;) {
    const uint32_t a = Sketch::ShingleOf(left.values[l]);
    const uint32_t b = Sketch::ShingleOf(right.values[r]);
    shared += a == b;
    l += a <= b;
    r += b <= a;
  }
  return shared;
}

class SketchBuilder {
 public:
  void Add(uint32_t hash, bool in_lead) {
    const uint32_t value = (hash | 1) - (in_lead ? 1 : 0);
    if (value > limit_) return;
    values_[size_++] = value;
    if (size_ == values_.size()) Shrink();
  }
  Sketch Build();  // and begins anew

 private:
  void Shrink();

  hwy::Sorter sorter_;  // a fifth of std::sort's time, which guesses every other comparison wrong
  std::array<uint32_t, 4 * Sketch::kSize> values_;
  size_t size_ = 0;
  uint32_t limit_ = UINT32_MAX;
  bool complete_ = true;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_SKETCH_H_
