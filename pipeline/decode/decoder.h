// A record's JSON to its articles, by simdjson; the whole document is validated, also what is not
// read.
//
//   Decoder decoder({.bytes_max = 1 << 20});
//   ASSIGN_OR_RETURN(const Article* article, decoder.Decode(*record.value));
//
//   decoder.Use(mapping);   // another form; several articles a record
//   ASSIGN_OR_RETURN(const size_t count, decoder.Open(*record.value));
//   for (size_t i = 0; i < count; ++i) ASSIGN_OR_RETURN(article, decoder.Read(i));
//
// Shape     what a mapping says (mapping.h); without one the flat form: id (string or integer),
//           title, lead, body, language, url, source, published_at and so on at the top. title or
//           body must hold text. Duplicate keys: the first counts. A UTF-8 byte order mark is
//           skipped. Text is valid UTF-8: a lone surrogate reads as U+FFFD. The value may be
//           compressed (payload.h), its text HTML (html_text.h).
// Units     as DecodeLimits.
// Cost      one pass, one walk an article; no copy of most values (json_parser.h); no allocation once
//           the buffers have grown.
// Errors    InvalidArgument with a BadRecord reason (ReasonOf): malformed_json, invalid_utf8,
//           wrong_type, missing_field, too_large, too_deep, empty, bad_encoding, malformed_html.
//           Messages name the field, the selectors or the byte offset in the JSON given, never its
//           text. The decoder stays usable; a bad article does not keep the next from being read.
// Threads   one Decoder per thread.
// Lifetime  the Article lives until the next Read, Open or Decode; Article::json as long as the
//           value, too.
#ifndef TOCSIN_PIPELINE_DECODE_DECODER_H_
#define TOCSIN_PIPELINE_DECODE_DECODER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "pipeline/decode/article.h"
#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/limits.h"
#include "pipeline/decode/mapping.h"
#include "pipeline/decode/trace.h"

namespace tocsin {

class Decoder {
 public:
  static constexpr size_t kBytesKept = size_t{256} << 10;  // capacity that is never given back
  static constexpr int kSmallBeforeShrink = 1000;

  explicit Decoder(DecodeLimits limits);
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  // From the next record on.
  void Use(std::shared_ptr<const Mapping> mapping);

  // How many articles the record holds. None: where a mapping looks for them, there is an empty
  // list.
  absl::StatusOr<size_t> Open(std::string_view value, std::string_view content_encoding = {});
  absl::StatusOr<const Article*> Read(size_t index);

  // The same in two steps, for those who need the second only if rules hold: ReadText leaves
  // json empty, and an absent id.
  absl::StatusOr<const Article*> ReadText(size_t index);
  const Article* Complete();

  // The first article.
  absl::StatusOr<const Article*> Decode(std::string_view value);

  // Lone surrogates that were read as U+FFFD since the decoder was made.
  uint64_t surrogates_replaced() const;

  // Values that were there and could not be read, since the decoder was made.
  const FieldCounts& unread() const;

  // What each selector found in the article read last.
  std::vector<SelectorTrace> Trace() const;

  // Bytes of the largest document that the buffers hold now without growing.
  size_t capacity_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_DECODER_H_
