// A record's value as the JSON text that it carries: decompressed, without marks around it.
//
//   PayloadReader reader({.bytes_max = 1 << 20});
//   ASSIGN_OR_RETURN(const std::string_view json, reader.Read(*record.value, content_encoding));
//
// Shape     content_encoding: the record's header, "" where it has none; letter case and white
//           space around it do not matter. Read: "" and identity, gzip and x-gzip (members one
//           behind the other count as one, RFC 1952), zstd (frames likewise, RFC 8878). A UTF-8
//           byte order mark is skipped, and the separator of a JSON text sequence (RFC 7464) of one
//           text. Whether the result is JSON is for the decoder.
// Units     bytes_max: of the value, and of what it decompresses to.
// Cost      nothing for what is not compressed: the result views the value. Else one pass;
//           decompression stops at bytes_max, whatever the ratio. A zstd window takes 8 MiB at most (RFC 9659)
//           and is given back; a grown buffer is, after kSmallBeforeShrink smaller values.
// Errors    InvalidArgument with a BadRecord reason: too_large; bad_encoding for a content-encoding
//           that is not read, damaged or cut off data, bytes behind it, compressed data without the
//           header, UTF-16 and UTF-32, a sequence of several texts.
// Threads   one PayloadReader per thread.
// Lifetime  the result lives until the next Read, and as long as the value.
#ifndef TOCSIN_PIPELINE_DECODE_PAYLOAD_H_
#define TOCSIN_PIPELINE_DECODE_PAYLOAD_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace tocsin {

struct PayloadLimits {
  size_t bytes_max = size_t{1} << 20;
};

class PayloadReader {
 public:
  static constexpr size_t kBytesKept = size_t{256} << 10;  // capacity that is never given back
  static constexpr int kSmallBeforeShrink = 1000;

  explicit PayloadReader(PayloadLimits limits);
  PayloadReader(PayloadReader&&) noexcept;
  PayloadReader& operator=(PayloadReader&&) noexcept;
  ~PayloadReader();

  absl::StatusOr<std::string_view> Read(std::string_view value, std::string_view content_encoding);

  // Bytes that a decompressed value may have now without growing the buffer.
  size_t capacity_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_PAYLOAD_H_
