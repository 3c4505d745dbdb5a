// Articles of the presets' formats by code written for each: what mappings are measured against.
//
//   HandDecoder decoder;
//   RETURN_IF_ERROR(decoder.Decode(record, &HandDecoder::Webz, [](const Article& article) { ... }));
//
// Shape     all that a Decoder does for an article that no rule holds for: the whole record
//           validated, the same fields with the same fallbacks, white space alone no text, HTML
//           rendered, times, languages and statuses normalized, what cannot be read counted. The
//           type of a value is checked as it is read.
// Cost      a look-up by key for each field; no allocation once the buffers have grown.
// Errors    as of Decoder.
// Lifetime  an article lives while it is seen.
#ifndef TOCSIN_BENCH_BY_HAND_H_
#define TOCSIN_BENCH_BY_HAND_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/decode/article.h"
#include "pipeline/decode/html_text.h"
#include "pipeline/decode/json_parser.h"
#include "pipeline/decode/payload.h"
#include "pipeline/decode/values/languages.h"
#include "pipeline/decode/values/status.h"
#include "pipeline/decode/values/times.h"

namespace tocsin::bench {

class HandDecoder {
 public:
  using Element = simdjson::dom::element;
  using Seen = absl::FunctionRef<void(const Article&)>;
  using Format = absl::Status (HandDecoder::*)(const Element& root, Seen seen);

  HandDecoder();

  absl::Status Decode(std::string_view value, Format format, Seen seen);

  absl::Status Flat(const Element& root, Seen seen);
  absl::Status Ninjs(const Element& root, Seen seen);
  absl::Status SchemaOrg(const Element& root, Seen seen);
  absl::Status Webz(const Element& root, Seen seen);
  absl::Status NewsPlease(const Element& root, Seen seen);
  absl::Status Trafilatura(const Element& root, Seen seen);
  absl::Status NewsApi(const Element& root, Seen seen);
  absl::Status EventRegistry(const Element& root, Seen seen);

  uint64_t unread() const { return unread_; }

 private:
  using Value = simdjson::simdjson_result<Element>;

  absl::Status Begin(const Element& value, std::string_view preset);
  absl::Status End(Seen seen);

  bool Text(const Value& value, std::string_view* text);
  bool TextOrNumber(const Value& value, std::string* digits, std::string_view* text);
  bool Is(const Value& value, std::string_view want) const;
  absl::Status Must(std::string_view field, bool is_read);
  void May(bool is_read);
  absl::Status Body(std::string_view field, bool is_read, std::string* rendered,
                    std::string_view* text);
  bool Published(const Value& value);
  bool Embargoed(const Value& value);
  bool Language(const Value& value);
  bool Status(const Value& value);

  bool NinjsText(const Value& list, std::string_view role, std::string_view* text);
  bool NinjsPrefixed(const Element& root, std::string_view prefix, std::string_view* text);
  bool NinjsBody(const Element& root);
  bool NinjsSource(const Element& root);
  absl::Status SchemaOrgArticle(const Element& value, Seen seen);
  absl::Status WebzPost(const Element& value, Seen seen);
  absl::Status NewsApiArticle(const Element& value, Seen seen);
  absl::Status EventRegistryArticle(const Element& value, Seen seen);

  PayloadReader payload_;
  JsonParser parser_;
  HtmlText html_;
  Article article_;
  bool is_wrong_type_ = false;  // of what was looked at for the field being read
  TextType content_type_ = TextType::kUnknown;
  std::string id_digits_;
  std::string version_digits_;
  std::string lead_;
  std::string body_;
  TimeText published_;
  TimeText embargoed_;
  LanguageText language_;
  uint64_t unread_ = 0;
};

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_BY_HAND_H_
