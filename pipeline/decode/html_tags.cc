#include "pipeline/decode/html_tags.h"

#include <algorithm>

namespace tocsin {
namespace {

constexpr std::string_view kSpace = " \t\n\f\r";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool IsLetter(char c) { return Lower(c) >= 'a' && Lower(c) <= 'z'; }

bool SameName(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

bool HoldsRawText(GumboTag name) {
  switch (name) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_XMP:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_NOFRAMES:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<HtmlTag> HtmlTags::Next() {
  for (;;) {
    at_ = html_.find('<', at_);
    if (at_ >= html_.size()) return std::nullopt;
    const std::string_view rest = html_.substr(at_);
    if (rest.starts_with("<!--")) {
      at_ += 4;
      SkipPast("-->");
    } else if (rest.starts_with("<!") || rest.starts_with("<?")) {
      SkipPast(">");
    } else if (const std::optional<HtmlTag> tag = ReadTag()) {
      return tag;
    }
  }
}

std::optional<HtmlTag> HtmlTags::ReadTag() {
  const size_t begin = at_++;
  const bool closes = at_ < html_.size() && html_[at_] == '/';
  if (closes) ++at_;
  if (at_ >= html_.size() || !IsLetter(html_[at_])) return std::nullopt;
  const size_t end = std::min(html_.find_first_of(" \t\n\f\r/>", at_), html_.size());
  const std::string_view name = html_.substr(at_, end - at_);
  at_ = end;
  HtmlTag tag{.name = gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size())),
              .begin = begin,
              .closes = closes,
              .empty = false};
  if (!SkipAttributes(&tag.empty)) return std::nullopt;
  if (!closes && HoldsRawText(tag.name)) SkipRawText(name);
  return tag;
}

// Past the `>` that ends the tag. A text that ends within a tag or a quoted value holds no more.
bool HtmlTags::SkipAttributes(bool* empty) {
  while (at_ < html_.size()) {
    const char c = html_[at_++];
    if (c == '>') {
      *empty = html_[at_ - 2] == '/';
      return true;
    }
    if (c != '=') continue;
    const size_t value = html_.find_first_not_of(kSpace, at_);
    if (value >= html_.size()) break;
    const char quote = html_[value];
    if (quote != '"' && quote != '\'') continue;
    at_ = html_.find(quote, value + 1);
    if (at_ >= html_.size()) break;
    ++at_;
  }
  at_ = html_.size();
  return false;
}

void HtmlTags::SkipPast(std::string_view end) {
  const size_t found = html_.find(end, at_);
  at_ = found == std::string_view::npos ? html_.size() : found + end.size();
}

void HtmlTags::SkipRawText(std::string_view name) {
  for (;;) {
    SkipPast("</");
    if (at_ >= html_.size()) return;
    if (!SameName(html_.substr(at_, name.size()), name)) continue;
    at_ -= 2;
    return;
  }
}

}  // namespace tocsin
