#include "pipeline/decode/values/status.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tocsin {
namespace {

struct Word {
  std::string_view word;
  std::string_view status;
};

constexpr std::array<Word, 13> kStatuses = {{
    {"usable", "usable"},
    {"published", "usable"},
    {"publish", "usable"},
    {"active", "usable"},
    {"canceled", "canceled"},
    {"cancelled", "canceled"},
    {"killed", "canceled"},
    {"deleted", "canceled"},
    {"retracted", "canceled"},
    {"withdrawn", "canceled"},
    {"withheld", "withheld"},
    {"embargoed", "withheld"},
    {"hold", "withheld"},
}};

bool IsWord(std::string_view word, std::string_view lower) {
  return std::equal(word.begin(), word.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// Up to parameters, such as charset.
std::string_view WordOf(std::string_view text) {
  text = text.substr(0, text.find(';'));
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

std::string_view ReadStatus(std::string_view text) {
  text = WordOf(text);
  constexpr std::string_view kScheme = "stat:";
  if (text.size() > kScheme.size() && IsWord(text.substr(0, kScheme.size()), kScheme)) {
    text.remove_prefix(kScheme.size());
  }
  for (const Word& each : kStatuses) {
    if (IsWord(text, each.word)) return each.status;
  }
  return {};
}

TextType ReadTextType(std::string_view text) {
  text = WordOf(text);
  for (const std::string_view html : {"text/html", "application/xhtml+xml", "html", "xhtml"}) {
    if (IsWord(text, html)) return TextType::kHtml;
  }
  for (const std::string_view plain : {"text/plain", "plain", "text"}) {
    if (IsWord(text, plain)) return TextType::kPlain;
  }
  return TextType::kUnknown;
}

}  // namespace tocsin
