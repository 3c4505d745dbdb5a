// A regex atom: PCRE2 decides and gives the spans, behind Hyperscan's prefilter (DESIGN §4.4).
//
//   ASSIGN_OR_RETURN(Regex regex, Regex::Compile("\\bSDN\\s+list\\b"));
//   RegexMatcher matcher;
//   RETURN_IF_ERROR(matcher.Find(regex, text, [&](size_t begin, size_t end) { ... }));
//
// Shape     pattern: PCRE2 syntax with UTF and UCP. text: valid UTF-8. Matches do not overlap.
//           Over kLines ^ and $ are those of a line, whichever way it ends.
// Cost      backtracking: each match that is sought may take steps that grow with the text, about
//           10 ns each, and 20 MB. Of all matches together there is no limit. No JIT, so that the
//           process may forbid writable executable memory.
// Errors    Compile: InvalidArgument (syntax with its offset, or a regex that matches the empty
//           text or calls itself without end on it).
//           Find: ResourceExhausted when a limit is met: never read as "no match".
//           InvalidArgument: a match that \K begins before the place it was sought from, or behind
//           its end; a regex that calls itself without end.
// Threads   Regex: share freely. RegexMatcher: one per thread.
#ifndef TOCSIN_RULES_COMPILE_REGEX_H_
#define TOCSIN_RULES_COMPILE_REGEX_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::rules {

class Regex {
 public:
  enum class Over : uint8_t { kText, kLines };
  static absl::StatusOr<Regex> Compile(std::string_view pattern, Over over = Over::kText);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

 private:
  friend class RegexMatcher;
  struct Code;
  explicit Regex(std::unique_ptr<const Code> code);
  std::unique_ptr<const Code> code_;
};

class RegexMatcher {
 public:
  RegexMatcher();
  RegexMatcher(RegexMatcher&&) noexcept;
  RegexMatcher& operator=(RegexMatcher&&) noexcept;
  ~RegexMatcher();

  absl::Status Find(const Regex& regex, std::string_view text,
                    absl::FunctionRef<void(size_t begin, size_t end)> found);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_REGEX_H_
