// A mapping's selectors, merged into walks: to the articles, and through an article; and how what
// they find makes fields.
//
//   mapping.walks().fields.Run(article, found);
//   for (const FieldPlan& plan : mapping.walks().plans) ...
//
// Shape     a target is the selector's number: within MappingSpec::articles, and within all fields'
//           selectors in their order. In masks a target is a bit, and kConstantBit what is always
//           there.
// Lifetime  spec outlives it.
#ifndef TOCSIN_PIPELINE_DECODE_MAPPING_WALKS_H_
#define TOCSIN_PIPELINE_DECODE_MAPPING_WALKS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/decode/mapping.h"
#include "pipeline/decode/walk.h"

namespace tocsin {

inline constexpr uint64_t kConstantBit = uint64_t{1} << Walk::kSelectorsMax;

struct FieldPlan {
  struct Way {
    const Alternative* alternative;
    uint64_t mask;  // of its selectors, or kConstantBit
  };

  std::vector<Way> ways;  // up to a constant: behind one nothing counts
  std::array<uint8_t, Walk::kSelectorsMax + 1> way_of{};  // by target
  uint64_t mask = 0;
  uint32_t first_target = 0;
};

struct MappingWalks {
  explicit MappingWalks(const MappingSpec& spec);

  Walk articles;
  Walk lists;  // that hold the articles
  Walk fields;
  std::array<FieldPlan, kMappedFieldCount> plans;
  // By target: the targets of its field that do not count once it has shown text.
  std::array<uint64_t, Walk::kSelectorsMax> settles{};

 private:
  void Settle(const FieldPlan& plan);
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_MAPPING_WALKS_H_
