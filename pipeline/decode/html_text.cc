#include "pipeline/decode/html_text.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "pipeline/decode/html_references.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

enum class Kind : uint8_t { kInline, kBlock, kLineBreak, kDropped };

constexpr std::array kBlocks = {
    GUMBO_TAG_ADDRESS,   GUMBO_TAG_ARTICLE,  GUMBO_TAG_ASIDE,      GUMBO_TAG_BLOCKQUOTE,
    GUMBO_TAG_BODY,      GUMBO_TAG_CAPTION,  GUMBO_TAG_CENTER,     GUMBO_TAG_DD,
    GUMBO_TAG_DETAILS,   GUMBO_TAG_DIR,      GUMBO_TAG_DIV,        GUMBO_TAG_DL,
    GUMBO_TAG_DT,        GUMBO_TAG_FIELDSET, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FIGURE,
    GUMBO_TAG_FOOTER,    GUMBO_TAG_FORM,     GUMBO_TAG_H1,         GUMBO_TAG_H2,
    GUMBO_TAG_H3,        GUMBO_TAG_H4,       GUMBO_TAG_H5,         GUMBO_TAG_H6,
    GUMBO_TAG_HEADER,    GUMBO_TAG_HGROUP,   GUMBO_TAG_HR,         GUMBO_TAG_HTML,
    GUMBO_TAG_LEGEND,    GUMBO_TAG_LI,       GUMBO_TAG_LISTING,    GUMBO_TAG_MAIN,
    GUMBO_TAG_MENU,      GUMBO_TAG_NAV,      GUMBO_TAG_OL,         GUMBO_TAG_P,
    GUMBO_TAG_PLAINTEXT, GUMBO_TAG_PRE,      GUMBO_TAG_SECTION,    GUMBO_TAG_SUMMARY,
    GUMBO_TAG_TABLE,     GUMBO_TAG_TBODY,    GUMBO_TAG_TD,         GUMBO_TAG_TFOOT,
    GUMBO_TAG_TH,        GUMBO_TAG_THEAD,    GUMBO_TAG_TR,         GUMBO_TAG_UL,
    GUMBO_TAG_XMP,
};

constexpr std::array kDropped = {
    GUMBO_TAG_APPLET, GUMBO_TAG_AUDIO,   GUMBO_TAG_CANVAS,   GUMBO_TAG_DATALIST, GUMBO_TAG_HEAD,
    GUMBO_TAG_IFRAME, GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES, GUMBO_TAG_NOSCRIPT, GUMBO_TAG_OBJECT,
    GUMBO_TAG_RP,     GUMBO_TAG_RT,      GUMBO_TAG_RTC,      GUMBO_TAG_SCRIPT,   GUMBO_TAG_SELECT,
    GUMBO_TAG_STYLE,  GUMBO_TAG_SVG,     GUMBO_TAG_TEMPLATE, GUMBO_TAG_TEXTAREA, GUMBO_TAG_TITLE,
    GUMBO_TAG_VIDEO,
};

constexpr auto kKinds = [] {
  std::array<Kind, GUMBO_TAG_LAST + 1> kinds{};
  for (const GumboTag tag : kBlocks) kinds[tag] = Kind::kBlock;
  for (const GumboTag tag : kDropped) kinds[tag] = Kind::kDropped;
  kinds[GUMBO_TAG_BR] = Kind::kLineBreak;
  return kinds;
}();

bool IsPreformatted(GumboTag tag) {
  return tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_LISTING || tag == GUMBO_TAG_XMP ||
         tag == GUMBO_TAG_PLAINTEXT;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

// display:none, however it is spaced and cased.
bool HidesByStyle(std::string_view style) {
  std::string tight;
  for (const char c : style) {
    if (!IsSpace(c)) tight += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return tight.find("display:none") != std::string::npos;
}

bool IsHidden(const GumboElement& element) {
  if (gumbo_get_attribute(&element.attributes, "hidden") != nullptr) return true;
  const GumboAttribute* const style = gumbo_get_attribute(&element.attributes, "style");
  return style != nullptr && HidesByStyle(style->value);
}

const GumboVector& ChildrenOf(const GumboNode& node) {
  return node.type == GUMBO_NODE_DOCUMENT ? node.v.document.children : node.v.element.children;
}

}  // namespace

absl::StatusOr<std::string_view> HtmlText::Render(std::string_view html) {
  if (text_.capacity() > kBytesKept && text_.size() <= kBytesKept) std::string().swap(text_);
  text_.clear();
  path_.clear();
  spaces_.clear();
  breaks_ = preformatted_ = superscript_ = 0;
  if (html.find_first_of("<&") == std::string_view::npos) {
    Append(html);
    return text_;
  }
  if (MendReferences(html, &mended_)) html = mended_;
  ASSIGN_OR_RETURN(const GumboNode* const document, tree_.Parse(html));
  Walk(document);
  return text_;
}

void HtmlText::Walk(const GumboNode* document) {
  path_.push_back({document, 0});
  while (!path_.empty()) {
    Frame& frame = path_.back();
    const GumboVector& children = ChildrenOf(*frame.node);
    if (frame.next_child == children.length) {
      Leave(*frame.node);
      path_.pop_back();
      continue;
    }
    const auto* const child = static_cast<const GumboNode*>(children.data[frame.next_child++]);
    if (Enter(*child)) path_.push_back({child, 0});
  }
}

// Whether there are children to visit.
bool HtmlText::Enter(const GumboNode& node) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE ||
      node.type == GUMBO_NODE_CDATA) {
    superscript_ > 0 ? AppendSuperscript(node.v.text.text) : Append(node.v.text.text);
    return false;
  }
  if (node.type != GUMBO_NODE_ELEMENT) return false;
  const GumboElement& element = node.v.element;
  const Kind kind = kKinds[element.tag];
  if (kind == Kind::kDropped || IsHidden(element)) return false;
  if (kind == Kind::kLineBreak) BreakLine();
  if (kind == Kind::kBlock) BreakParagraph();
  if (IsPreformatted(element.tag)) ++preformatted_;
  if (element.tag == GUMBO_TAG_SUP) ++superscript_;
  return true;
}

void HtmlText::Leave(const GumboNode& node) {
  if (node.type != GUMBO_NODE_ELEMENT) return;
  const GumboTag tag = node.v.element.tag;
  if (kKinds[tag] == Kind::kBlock) BreakParagraph();
  if (IsPreformatted(tag)) --preformatted_;
  if (tag == GUMBO_TAG_SUP) --superscript_;
}

void HtmlText::Append(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    while (at < text.size() && !IsSpace(text[at]) && text[at] != '\0') ++at;
    AppendVisible(text.substr(begin, at - begin));
    // As a parser of HTML does, NUL is left out.
    if (at < text.size() && text[at] != '\0') AppendSpace(text[at]);
    ++at;
  }
}

void HtmlText::AppendSuperscript(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kDigits = {"⁰", "¹", "²", "³", "⁴",
                                                               "⁵", "⁶", "⁷", "⁸", "⁹"};
  for (size_t at = 0; at < text.size(); ++at) {
    const bool is_digit = text[at] >= '0' && text[at] <= '9';
    if (is_digit) {
      AppendVisible(kDigits[text[at] - '0']);
    } else {
      Append(text.substr(at, 1));
    }
  }
}

void HtmlText::AppendVisible(std::string_view run) {
  if (run.empty()) return;
  if (!text_.empty()) text_.append(breaks_, '\n').append(spaces_);
  breaks_ = 0;
  spaces_.clear();
  text_.append(run);
}

void HtmlText::AppendSpace(char c) {
  if (preformatted_ > 0) {
    spaces_ += c;
  } else if (breaks_ == 0 && spaces_.empty()) {
    spaces_ = " ";
  }
}

void HtmlText::BreakLine() {
  breaks_ = std::min(breaks_ + 1, 2);
  spaces_.clear();
}

void HtmlText::BreakParagraph() {
  breaks_ = 2;
  spaces_.clear();
}

}  // namespace tocsin
