// HTML to text as a reader sees it: what the rules match, and what evidence refers to.
//
//   HtmlText html(limits);
//   ASSIGN_OR_RETURN(const std::string_view text, html.Render(body));
//   if (LooksLikeHtml(body)) ...
//
// Shape     a document or a fragment; plain text with entities, too. Every element that is not
//           inline (list items and table cells among them) is a paragraph of its own, a blank line between;
//           <br> breaks the line, two of them the paragraph; inline tags join; white space collapses
//           but in <pre>; none at either end. Entities are decoded once; no-break spaces and soft
//           hyphens stay. Dropped: head, script, style, noscript, template, embedded media, svg,
//           form fields, ruby annotations, comments, and what is `hidden` or `display:none`. Digits
//           in <sup> become superscripts, so that a note's number is no part of the word before it.
// Units     as HtmlLimits.
// Cost      a tree by gumbo, one walk; text without `<` and `&` is only collapsed. No allocation
//           once the buffers have grown, but for trees beyond HtmlTree::kBytesKept.
// Errors    InvalidArgument with a BadRecord reason: too_large, too_deep. The text given must be
//           valid UTF-8; the text returned is.
// Threads   one HtmlText per thread.
// Lifetime  the text lives until the next Render.
#ifndef TOCSIN_PIPELINE_DECODE_HTML_TEXT_H_
#define TOCSIN_PIPELINE_DECODE_HTML_TEXT_H_

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/html_tree.h"

namespace tocsin {

class HtmlText {
 public:
  static constexpr size_t kBytesKept = size_t{256} << 10;

  explicit HtmlText(HtmlLimits limits) : tree_(limits) {}

  absl::StatusOr<std::string_view> Render(std::string_view html);

 private:
  struct Frame {
    const GumboNode* node;
    unsigned next_child;
  };

  void Walk(const GumboNode* document);
  bool Enter(const GumboNode& node);
  void Leave(const GumboNode& node);
  void Append(std::string_view text);
  void AppendSuperscript(std::string_view text);
  void AppendVisible(std::string_view run);
  void AppendSpace(char c);
  void BreakLine();
  void BreakParagraph();

  HtmlTree tree_;
  std::string text_;
  std::string mended_;
  std::vector<Frame> path_;
  int breaks_ = 0;      // lines to break before the next visible character
  std::string spaces_;  // to go there behind those breaks
  int preformatted_ = 0;
  int superscript_ = 0;
};

// Whether a text of unknown type is HTML. Conservative, as reading plain text as HTML costs its
// paragraphs: it must open with a doctype or a block element, or hold a <br>, <hr> or <img>, or an
// element of HTML that is closed again. Entities alone do not make HTML, nor do "a < b" and "<3".
bool LooksLikeHtml(std::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_HTML_TEXT_H_
