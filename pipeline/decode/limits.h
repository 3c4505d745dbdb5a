// What a record may cost; README.md has the reasons for the defaults.
#ifndef TOCSIN_PIPELINE_DECODE_LIMITS_H_
#define TOCSIN_PIPELINE_DECODE_LIMITS_H_

#include <cstddef>

namespace tocsin {

struct DecodeLimits {
  size_t bytes_max = size_t{1} << 20;  // of a record's JSON
  size_t depth_max = 256;              // objects and arrays within each other
  size_t articles_max = 1000;          // in a record
  size_t html_depth_max = 512;         // elements within each other
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_LIMITS_H_
