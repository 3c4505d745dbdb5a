#include "rules/compile/regex.h"

#include <fmt/format.h>

#include "rules/base/status_macros.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>

namespace tocsin::rules {
namespace {

// Of each match that is sought. A step is about 10 ns.
constexpr size_t kStepsMin = 1'000'000;
constexpr size_t kStepsPerByte = 64;
constexpr size_t kStepsMax = 200'000'000;
constexpr uint32_t kHeapKibibytesMax = 20'000;

struct CodeDeleter {
  void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
};
struct CompileContextDeleter {
  void operator()(pcre2_compile_context* context) const noexcept {
    pcre2_compile_context_free(context);
  }
};
struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const noexcept { pcre2_match_data_free(data); }
};
struct MatchContextDeleter {
  void operator()(pcre2_match_context* context) const noexcept {
    pcre2_match_context_free(context);
  }
};

std::string ErrorText(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

PCRE2_SPTR Bytes(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

using CodeHandle = std::unique_ptr<pcre2_code, CodeDeleter>;

absl::StatusOr<CodeHandle> CompileCode(std::string_view pattern, Regex::Over over,
                                       uint32_t more_options) {
  uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | more_options;
  const std::unique_ptr<pcre2_compile_context, CompileContextDeleter> context(
      pcre2_compile_context_create(nullptr));
  if (over == Regex::Over::kLines) {
    options |= PCRE2_MULTILINE;
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
  }
  int error = 0;
  PCRE2_SIZE offset = 0;
  CodeHandle code(
      pcre2_compile(Bytes(pattern), pattern.size(), options, &error, &offset, context.get()));
  if (code == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("{} at offset {} of the regex", ErrorText(error), offset));
  }
  return code;
}

}  // namespace

struct Regex::Code {
  CodeHandle handle;
};

struct RegexMatcher::State {
  // One pair of offsets: only where the whole matched is asked.
  std::unique_ptr<pcre2_match_data, MatchDataDeleter> data{pcre2_match_data_create(1, nullptr)};
  std::unique_ptr<pcre2_match_context, MatchContextDeleter> context{
      pcre2_match_context_create(nullptr)};
};

Regex::Regex(std::unique_ptr<const Code> code) : code_(std::move(code)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

absl::StatusOr<Regex> Regex::Compile(std::string_view pattern, Over over) {
  auto code = std::make_unique<Code>();
  ASSIGN_OR_RETURN(code->handle, CompileCode(pattern, over, 0));
  // Optimized, it is not tried on a text too short to match: an endless recursion goes unseen.
  auto unoptimized = std::make_unique<Code>();
  ASSIGN_OR_RETURN(unoptimized->handle, CompileCode(pattern, over, PCRE2_NO_START_OPTIMIZE));
  RegexMatcher matcher;
  absl::Status tried = matcher.Find(Regex(std::move(unoptimized)), "", [](size_t, size_t) {});
  if (absl::IsInvalidArgument(tried)) return tried;
  Regex regex(std::move(code));
  bool matches_empty = false;
  RETURN_IF_ERROR(matcher.Find(regex, "", [&](size_t, size_t) { matches_empty = true; }));
  if (matches_empty) return absl::InvalidArgumentError("the regex matches the empty text");
  return regex;
}

RegexMatcher::RegexMatcher() : state_(std::make_unique<State>()) {}
RegexMatcher::RegexMatcher(RegexMatcher&&) noexcept = default;
RegexMatcher& RegexMatcher::operator=(RegexMatcher&&) noexcept = default;
RegexMatcher::~RegexMatcher() = default;

absl::Status RegexMatcher::Find(const Regex& regex, std::string_view text,
                                absl::FunctionRef<void(size_t, size_t)> found) {
  pcre2_match_context* context = state_->context.get();
  const size_t steps = std::min(kStepsMin + kStepsPerByte * text.size(), kStepsMax);
  pcre2_set_match_limit(context, static_cast<uint32_t>(steps));
  pcre2_set_heap_limit(context, kHeapKibibytesMax);
  // Behind an empty match: one at the same place must not be found again.
  uint32_t options = PCRE2_NO_UTF_CHECK;
  for (size_t at = 0; at <= text.size();) {
    const int code = pcre2_match(regex.code_->handle.get(), Bytes(text), text.size(), at, options,
                                 state_->data.get(), context);
    if (code == PCRE2_ERROR_NOMATCH) {
      if ((options & PCRE2_NOTEMPTY_ATSTART) == 0 || at == text.size()) return absl::OkStatus();
      options = PCRE2_NO_UTF_CHECK;
      do ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
      continue;
    }
    if (code == PCRE2_ERROR_RECURSELOOP) {
      return absl::InvalidArgumentError(
          "PCRE2: the regex calls itself before it has read anything, without end: let a character "
          "come first");
    }
    if (code < 0) {
      return absl::ResourceExhaustedError(
          fmt::format("PCRE2: {} in a text of {} bytes", ErrorText(code), text.size()));
    }
    const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(state_->data.get());
    const size_t begin = offsets[0];
    const size_t end = offsets[1];
    if (begin < at || begin > end) {
      return absl::InvalidArgumentError("PCRE2: \\K begins a match where it cannot begin");
    }
    found(begin, end);
    options = end == at || begin == end
                  ? PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED
                  : PCRE2_NO_UTF_CHECK;
    at = end;
  }
  return absl::OkStatus();
}

}  // namespace tocsin::rules
