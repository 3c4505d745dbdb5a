// Why a record is no article: what dead letters and metrics call it.
//
//   return Bad(BadRecord::kTooLarge, fmt::format("over the limit of {} bytes", bytes_max));
//   letter.reason = ReasonName(ReasonOf(article.status()));    "too_large"
//
// Errors    Bad gives InvalidArgument, which carries its reason.
#ifndef TOCSIN_PIPELINE_DECODE_BAD_RECORD_H_
#define TOCSIN_PIPELINE_DECODE_BAD_RECORD_H_

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

enum class BadRecord : uint8_t {
  kEmpty,
  kTooLarge,
  kTooDeep,
  kInvalidUtf8,
  kMalformedJson,
  kWrongType,
  kMissingField,
  kBadEncoding,
  kMalformedHtml,
};
inline constexpr int kBadRecordCount = 9;

std::string_view ReasonName(BadRecord reason);  // "malformed_json"

absl::Status Bad(BadRecord reason, const std::string& message);

// The reason that Bad put into a status; kMalformedJson for any other.
BadRecord ReasonOf(const absl::Status& status);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_BAD_RECORD_H_
