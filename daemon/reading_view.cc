#include "daemon/reading_view.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "daemon/excerpt.h"

namespace tocsin {
namespace {

constexpr size_t kTextBytesShown = 72;

std::string Shorten(std::string_view text) {
  std::string line = OnOneLine(text.substr(0, kTextBytesShown + 4));
  if (text.size() <= kTextBytesShown) return line;
  // Not within a character.
  size_t end = std::min(kTextBytesShown, line.size());
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "…";
}

std::string ShowArticle(const Article& article) {
  std::string shown;
  const auto show = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    fmt::format_to(std::back_inserter(shown), "  {:<12} {}\n", name, Shorten(value));
  };
  show("id", article.id);
  show("version", article.version);
  show("title", article.document.title);
  show("lead", article.document.lead);
  show("body", article.document.body);
  show("language", article.document.language);
  show("published", article.published_at);
  show("source", article.source);
  show("url", article.url);
  show("embargoed", article.embargoed);
  show("status", article.status);
  return shown;
}

}  // namespace

std::string ShowReading(int64_t line, const absl::StatusOr<const Article*>& article,
                        const Decoder& decoder) {
  if (!article.ok()) {
    return fmt::format("record {}: {}\n", line, std::string(article.status().message()));
  }
  std::string shown = fmt::format("record {}, article {}\n{}  found by the selectors:\n", line,
                                  (*article)->index, ShowArticle(**article));
  for (const SelectorTrace& each : decoder.Trace()) {
    const std::string found =
        each.found == 0 ? "nothing" : fmt::format("{}: {}", each.found, Shorten(each.first));
    fmt::format_to(std::back_inserter(shown), "  {} {:<12} {}  {}\n", each.is_used ? '*' : ' ',
                   NameOf(each.field), each.selector, each.is_constant ? "constant" : found);
  }
  return shown;
}

}  // namespace tocsin
