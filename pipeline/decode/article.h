// A decoded news article: views into its decoder's buffers (json: into the bytes decoded); an
// absent field is empty.
#ifndef TOCSIN_PIPELINE_DECODE_ARTICLE_H_
#define TOCSIN_PIPELINE_DECODE_ARTICLE_H_

#include <string_view>

#include "rules/document.h"

namespace tocsin {

struct Article {
  std::string_view id;
  std::string_view url;
  std::string_view source;
  std::string_view published_at;  // as written
  rules::Document document;       // title, lead, body, language
  std::string_view
      json;  // the original document, byte for byte, less white space and BOM around it
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_ARTICLE_H_
