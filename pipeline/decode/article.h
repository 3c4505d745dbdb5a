// A decoded news article: views into its decoder's buffers (json: into the bytes decoded); an
// absent field is empty.
#ifndef TOCSIN_PIPELINE_DECODE_ARTICLE_H_
#define TOCSIN_PIPELINE_DECODE_ARTICLE_H_

#include <cstddef>
#include <string_view>

#include "rules/document.h"

namespace tocsin {

struct Article {
  std::string_view id;
  std::string_view version;
  std::string_view url;
  std::string_view source;
  std::string_view published_at;  // RFC 3339, UTC
  std::string_view embargoed;     // RFC 3339, UTC
  std::string_view status;        // lower case: usable, canceled, withheld
  rules::Document document;       // title, lead, body, language
  // The original JSON of this article, byte for byte, less white space and BOM around it.
  std::string_view json;
  std::string_view mapping;     // what it was read by; empty: the flat form
  size_t index = 0;             // among the articles of its record
  bool is_whole_record = true;  // json is all that the record holds
};

// Its publisher takes it back: whoever has it must hear of it, whatever it says now.
inline bool IsWithdrawn(std::string_view status) {
  return status == "canceled" || status == "withheld";
}

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_ARTICLE_H_
