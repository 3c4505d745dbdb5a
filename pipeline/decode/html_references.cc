#include "pipeline/decode/html_references.h"

#include <algorithm>

namespace tocsin {

bool MendReferences(std::string_view html, std::string* mended) {
  // As many as U+10FFFF has, less leading zeros.
  constexpr size_t kHexDigitsMax = 6;
  constexpr size_t kDigitsMax = 7;
  mended->clear();
  size_t copied = 0;
  for (size_t at = html.find("&#"); at < html.size(); at = html.find("&#", at)) {
    at += 2;
    const size_t number = at;
    const bool is_hex = at < html.size() && (html[at] == 'x' || html[at] == 'X');
    const std::string_view digits = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
    if (is_hex) ++at;
    const size_t first = std::min(html.find_first_not_of('0', at), html.size());
    at = std::min(html.find_first_not_of(digits, first), html.size());
    if (at - first <= (is_hex ? kHexDigitsMax : kDigitsMax)) continue;
    // Closed, or the hexadecimal digits of a text that follows would belong to it.
    mended->append(html.substr(copied, number - copied)).append("xFFFD;");
    if (at < html.size() && html[at] == ';') ++at;
    copied = at;
  }
  if (copied == 0) return false;
  mended->append(html.substr(copied));
  return true;
}

}  // namespace tocsin
