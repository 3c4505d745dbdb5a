// The tags of an HTML text, in one pass and without a tree: to judge a text before it is parsed.
//
//   HtmlTags tags(html);
//   while (const std::optional<HtmlTag> tag = tags.Next()) depth += tag->closes ? -1 : 1;
//
// Shape     tags that the text closes by `>`. Comments, declarations and what lies in script, style
//           and the like are passed over. Not what a parser makes of hostile nesting: an estimate.
// Cost      one pass, linear whatever the text.
// Errors    none: what is no tag is text.
// Lifetime  views the text.
#ifndef TOCSIN_PIPELINE_DECODE_HTML_TAGS_H_
#define TOCSIN_PIPELINE_DECODE_HTML_TAGS_H_

#include <gumbo.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin {

struct HtmlTag {
  GumboTag name;  // GUMBO_TAG_UNKNOWN for all that HTML does not define
  size_t begin;   // of `<`
  bool closes;    // </p>
  bool empty;     // <br/>
};

class HtmlTags {
 public:
  explicit HtmlTags(std::string_view html) : html_(html) {}

  std::optional<HtmlTag> Next();

 private:
  std::optional<HtmlTag> ReadTag();
  bool SkipAttributes(bool* empty);
  void SkipPast(std::string_view end);
  void SkipRawText(std::string_view name);

  std::string_view html_;
  size_t at_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_HTML_TAGS_H_
