#include <algorithm>
#include <array>

#include "pipeline/decode/html_tags.h"
#include "pipeline/decode/html_text.h"

namespace tocsin {
namespace {

bool OpensDocument(GumboTag name) {
  switch (name) {
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_P:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_UL:
      return true;
    default:
      return false;
  }
}

bool StandsAlone(GumboTag name) {
  return name == GUMBO_TAG_BR || name == GUMBO_TAG_HR || name == GUMBO_TAG_IMG;
}

bool OpensWithDoctype(std::string_view text) {
  constexpr std::string_view kDoctype = "<!doctype html";
  return std::equal(kDoctype.begin(), kDoctype.end(), text.begin(),
                    text.begin() + std::min(kDoctype.size(), text.size()), [](char a, char b) {
                      return a == (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
                    });
}

}  // namespace

bool LooksLikeHtml(std::string_view text) {
  if (text.find('<') == std::string_view::npos) return false;
  const size_t visible = text.find_first_not_of(" \t\n\f\r");
  if (visible == std::string_view::npos) return false;
  if (OpensWithDoctype(text.substr(visible))) return true;
  std::array<bool, GUMBO_TAG_LAST + 1> opened{};
  HtmlTags tags(text);
  while (const std::optional<HtmlTag> tag = tags.Next()) {
    if (tag->name == GUMBO_TAG_UNKNOWN) continue;
    if (StandsAlone(tag->name)) return true;
    if (tag->closes && opened[tag->name]) return true;
    if (!tag->closes && tag->begin == visible && OpensDocument(tag->name)) return true;
    if (!tag->closes) opened[tag->name] = true;
  }
  return false;
}

}  // namespace tocsin
