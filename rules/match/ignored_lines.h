// Boilerplate lines ("Also read: …") that no rule is to see.
//
//   ASSIGN_OR_RETURN(auto ignored, IgnoredLines::Compile({"^Also read:"}));
//   ASSIGN_OR_RETURN(const bool is_blanked, ignored->Blank(body, &matcher, &blanked));
//
// Shape     patterns: PCRE2; a line is ignored if one of them is found in it. Blank copies the text
//           with such lines as spaces: what remains stays where it was. Lines end at a line feed, a
//           carriage return, or both.
// Errors    Compile: InvalidArgument, which pattern and why. Blank: ResourceExhausted, a pattern
//           met its limit.
// Threads   IgnoredLines: share freely.
#ifndef TOCSIN_RULES_MATCH_IGNORED_LINES_H_
#define TOCSIN_RULES_MATCH_IGNORED_LINES_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compile/regex.h"

namespace tocsin::rules {

class IgnoredLines {
 public:
  // Null for no patterns.
  static absl::StatusOr<std::shared_ptr<const IgnoredLines>> Compile(
      const std::vector<std::string>& patterns);

  // False if there is none: then *blanked is not written.
  absl::StatusOr<bool> Blank(std::string_view text, RegexMatcher* matcher,
                             std::string* blanked) const;

 private:
  explicit IgnoredLines(std::vector<Regex> patterns) : patterns_(std::move(patterns)) {}
  std::vector<Regex> patterns_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_IGNORED_LINES_H_
