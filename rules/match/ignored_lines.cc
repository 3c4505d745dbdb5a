#include "rules/match/ignored_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/base/status_macros.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kLineEnds = "\r\n";

}  // namespace

absl::StatusOr<std::shared_ptr<const IgnoredLines>> IgnoredLines::Compile(
    const std::vector<std::string>& patterns) {
  if (patterns.empty()) return nullptr;
  std::vector<Regex> compiled;
  compiled.reserve(patterns.size());
  for (const std::string& pattern : patterns) {
    absl::StatusOr<Regex> regex = Regex::Compile(pattern, Regex::Over::kLines);
    if (!regex.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("ignore_lines: `{}`: {}", pattern, std::string(regex.status().message())));
    }
    compiled.push_back(*std::move(regex));
  }
  return std::shared_ptr<const IgnoredLines>(new IgnoredLines(std::move(compiled)));
}

absl::StatusOr<bool> IgnoredLines::Blank(std::string_view text, RegexMatcher* matcher,
                                         std::string* blanked) const {
  bool is_blanked = false;
  for (const Regex& pattern : patterns_) {
    size_t done = 0;  // up to here lines have been looked at
    RETURN_IF_ERROR(matcher->Find(pattern, text, [&](size_t begin, size_t end) {
      if (end <= done && begin < done) return;
      if (!is_blanked) blanked->assign(text);
      is_blanked = true;
      const size_t line_begin = begin == 0 ? 0 : text.find_last_of(kLineEnds, begin - 1) + 1;
      done = std::min(text.find_first_of(kLineEnds, std::max(end, begin + 1) - 1), text.size());
      for (size_t i = line_begin; i < done; ++i) {
        if (kLineEnds.find(text[i]) == std::string_view::npos) (*blanked)[i] = ' ';
      }
    }));
  }
  return is_blanked;
}

}  // namespace tocsin::rules
