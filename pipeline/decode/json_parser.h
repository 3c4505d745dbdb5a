// A simdjson parser with its buffers, and why it refuses what it refuses.
//
//   JsonParser parser({.bytes_max = 1 << 20});
//   dom::element root;
//   RETURN_IF_ERROR(parser.Parse(text, 3, &root));   // 3: bytes before text, for offsets told
//
// Shape     text: not empty, within bytes_max. What JSON allows and simdjson does not is mended.
// Cost      one pass, and a copy where the text ends so near the end of a page that the parser would
//           read beyond it; no allocation once the buffers have grown.
//           What a big document made them grow is given back after kSmallBeforeShrink smaller ones.
// Errors    Bad: invalid_utf8, malformed_json, too_deep, too_large.
// Lifetime  root, and its strings, until the next Parse.
#ifndef TOCSIN_PIPELINE_DECODE_JSON_PARSER_H_
#define TOCSIN_PIPELINE_DECODE_JSON_PARSER_H_

#include <absl/status/status.h>
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pipeline/decode/limits.h"

namespace tocsin {

class JsonParser {
 public:
  static constexpr size_t kBytesKept = size_t{256} << 10;  // capacity that is never given back
  static constexpr int kSmallBeforeShrink = 1000;

  explicit JsonParser(const DecodeLimits& limits) : limits_(limits) {}

  absl::Status Parse(std::string_view text, size_t text_at, simdjson::dom::element* root);

  const simdjson::dom::parser& parser() const { return parser_; }
  uint64_t surrogates_replaced() const { return surrogates_replaced_; }
  size_t capacity_bytes() const { return capacity_; }

 private:
  absl::Status Reserve(size_t bytes);
  char* Copy(std::string_view text);
  absl::Status Explain(simdjson::error_code error, std::string_view text, size_t text_at,
                       simdjson::dom::element* root);

  DecodeLimits limits_;
  simdjson::dom::parser parser_;
  std::unique_ptr<char[]> padded_;
  size_t capacity_ = 0;
  int small_in_a_row_ = 0;
  uint64_t surrogates_replaced_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_JSON_PARSER_H_
