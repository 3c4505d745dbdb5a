#include "rules/match/ignored_lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rules/base/status_macros.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kLineEnds = "\r\n";

}  // namespace

absl::StatusOr<std::shared_ptr<const IgnoredLines>> IgnoredLines::Compile(
    const std::vector<std::string>& patterns) {
  if (patterns.empty()) return nullptr;
  for (const std::string& pattern : patterns) {
    if (const auto alone = Regex::Compile(pattern); !alone.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("ignore_lines: `{}`: {}", pattern, std::string(alone.status().message())));
    }
  }
  // (?m): ^ and $ are those of a line, whichever way it ends; each pattern keeps its own options to
  // itself.
  ASSIGN_OR_RETURN(Regex regex,
                   Regex::Compile(fmt::format("(*ANYCRLF)(?m)(?:{})", fmt::join(patterns, "|"))));
  return std::shared_ptr<const IgnoredLines>(new IgnoredLines(std::move(regex)));
}

absl::StatusOr<bool> IgnoredLines::Blank(std::string_view text, RegexMatcher* matcher,
                                         std::string* blanked) const {
  bool is_blanked = false;
  RETURN_IF_ERROR(matcher->Find(regex_, text, [&](size_t begin, size_t end) {
    if (!is_blanked) blanked->assign(text);
    is_blanked = true;
    const size_t line_begin = begin == 0 ? 0 : text.find_last_of(kLineEnds, begin - 1) + 1;
    const size_t line_end =
        std::min(text.find_first_of(kLineEnds, std::max(end, begin + 1) - 1), text.size());
    for (size_t i = line_begin; i < line_end; ++i) {
      if (kLineEnds.find(text[i]) == std::string_view::npos) (*blanked)[i] = ' ';
    }
  }));
  return is_blanked;
}

}  // namespace tocsin::rules
