#include "pipeline/decode/json_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/json_text.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

// simdjson reads up to SIMDJSON_PADDING bytes behind a text, whatever they are. Memory is readable
// by whole pages: up to the end of its last one, what lies behind a text can be read.
bool IsPaddedByItsPage(std::string_view text) {
  constexpr uintptr_t kPageBytesMin = 4096;
  const auto end = reinterpret_cast<uintptr_t>(text.data() + text.size());
  return (end - 1) % kPageBytesMin + simdjson::SIMDJSON_PADDING < kPageBytesMin;
}

}  // namespace

// The parser holds about 14 bytes a byte of its largest document: one big record must not keep
// them.
absl::Status JsonParser::Reserve(size_t bytes) {
  small_in_a_row_ = bytes > kBytesKept ? 0 : std::min(small_in_a_row_ + 1, kSmallBeforeShrink);
  const bool shrink = capacity_ > kBytesKept && small_in_a_row_ >= kSmallBeforeShrink;
  if (bytes <= capacity_ && !shrink) return absl::OkStatus();
  if (shrink) {
    parser_ = simdjson::dom::parser();
    padded_.reset();
  }
  capacity_ = 0;
  const size_t wanted = std::max(std::bit_ceil(bytes), size_t{4} << 10);
  const size_t bounded = std::max(bytes, std::min(wanted, std::max(limits_.bytes_max, size_t{64})));
  // simdjson counts the level below the innermost container too.
  if (parser_.allocate(bounded, limits_.depth_max + 1) != simdjson::SUCCESS) {
    return Bad(BadRecord::kTooLarge, fmt::format("no memory to parse {} bytes", bytes));
  }
  padded_ = std::make_unique_for_overwrite<char[]>(bounded + simdjson::SIMDJSON_PADDING);
  capacity_ = bounded;
  return absl::OkStatus();
}

absl::Status JsonParser::Parse(std::string_view text, size_t text_at,
                               simdjson::dom::element* root) {
  RETURN_IF_ERROR(Reserve(text.size()));
  const char* const padded = IsPaddedByItsPage(text) ? text.data() : Copy(text);
  const simdjson::error_code error = parser_.parse(padded, text.size(), false).get(*root);
  if (error == simdjson::SUCCESS) [[likely]]
    return absl::OkStatus();
  return Explain(error, text, text_at, root);
}

char* JsonParser::Copy(std::string_view text) {
  std::memcpy(padded_.get(), text.data(), text.size());
  std::memset(padded_.get() + text.size(), 0, simdjson::SIMDJSON_PADDING);
  return padded_.get();
}

// Why simdjson refused, with the offset that it does not tell; or the parse of a mended copy.
absl::Status JsonParser::Explain(simdjson::error_code error, std::string_view text, size_t text_at,
                                 simdjson::dom::element* root) {
  if (const std::optional<size_t> at = FindInvalidUtf8(text)) {
    return Bad(BadRecord::kInvalidUtf8, fmt::format("invalid UTF-8 at byte {}", text_at + *at));
  }
  char* const copy = Copy(text);
  const JsonCheck check = MendJson(copy, text.size());
  if (error == simdjson::DEPTH_ERROR || check.depth > limits_.depth_max) {
    return Bad(BadRecord::kTooDeep, fmt::format("nested deeper than {} levels", limits_.depth_max));
  }
  if (check.fault_at) {
    return Bad(BadRecord::kMalformedJson,
               fmt::format("malformed JSON at byte {}", text_at + *check.fault_at));
  }
  error = parser_.parse(copy, text.size(), false).get(*root);
  if (error != simdjson::SUCCESS) {
    return Bad(BadRecord::kMalformedJson,
               fmt::format("malformed JSON: {}", simdjson::error_message(error)));
  }
  surrogates_replaced_ += check.surrogates_replaced;
  return absl::OkStatus();
}

}  // namespace tocsin
