// Article JSON to an Article, by simdjson; the whole document is validated, also what is not read.
//
//   Decoder decoder({.bytes_max = 1 << 20});
//   ASSIGN_OR_RETURN(const Article* article, decoder.Decode(*record.value));
//
// Shape     the flat form: id (string or integer), title, lead, body, language, url, source and
//           published_at (strings, null or absent). title or body must hold text. Duplicate keys:
//           the first counts. A UTF-8 byte order mark is skipped. Text is valid UTF-8: a lone
//           surrogate reads as U+FFFD.
// Units     bytes_max: of the JSON, before decoding. depth_max: nesting, the root included.
// Cost      one copy into a padded buffer, one pass; no allocation once the buffers have grown.
//           What a big document made them grow is given back after kSmallBeforeShrink smaller ones.
// Errors    InvalidArgument with a BadRecord reason (ReasonOf): malformed_json, invalid_utf8,
//           wrong_type, missing_field, too_large, too_deep, empty. Messages name the field or the
//           byte offset in the JSON given, never its text. The decoder stays usable.
// Threads   one Decoder per thread.
// Lifetime  the Article lives until the next Decode; Article::json views the JSON given.
#ifndef TOCSIN_PIPELINE_DECODE_DECODER_H_
#define TOCSIN_PIPELINE_DECODE_DECODER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pipeline/decode/article.h"

namespace tocsin {

struct DecodeLimits {
  size_t bytes_max = size_t{1} << 20;
  size_t depth_max = 256;
};

enum class BadRecord : uint8_t {
  kEmpty,
  kTooLarge,
  kTooDeep,
  kInvalidUtf8,
  kMalformedJson,
  kWrongType,
  kMissingField,
};
inline constexpr int kBadRecordCount = 7;

std::string_view ReasonName(BadRecord reason);  // "malformed_json"

// The reason carried by an error that Decode returned; kMalformedJson for any other status.
BadRecord ReasonOf(const absl::Status& status);

class Decoder {
 public:
  static constexpr size_t kBytesKept = size_t{256} << 10;  // capacity that is never given back
  static constexpr int kSmallBeforeShrink = 1000;

  explicit Decoder(DecodeLimits limits);
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  absl::StatusOr<const Article*> Decode(std::string_view json);

  // Lone surrogates that were read as U+FFFD since the decoder was made.
  uint64_t surrogates_replaced() const;

  // Bytes of the largest document that the buffers hold now without growing.
  size_t capacity_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_DECODER_H_
