// What a mapping's selectors found in an article, for people who write mappings; and what could not
// be read, for metrics.
#ifndef TOCSIN_PIPELINE_DECODE_TRACE_H_
#define TOCSIN_PIPELINE_DECODE_TRACE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "pipeline/decode/mapping.h"

namespace tocsin {

using FieldCounts = std::array<uint64_t, kMappedFieldCount>;  // by MappedField

struct SelectorTrace {
  MappedField field;
  std::string selector;  // as written; a constant in quotes
  bool is_constant = false;
  size_t found = 0;      // values, null left out
  std::string first;     // of these, as JSON
  bool is_used = false;  // its alternative is what the field was read from
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_TRACE_H_
