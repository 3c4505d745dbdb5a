#include "pipeline/decode/bad_record.h"

#include <absl/strings/cord.h>

#include <algorithm>
#include <array>

namespace tocsin {
namespace {

constexpr char kPayloadUrl[] = "tocsin/bad_record";

constexpr std::array<std::string_view, kBadRecordCount> kReasonNames = {
    "empty",      "too_large",     "too_deep",     "invalid_utf8",   "malformed_json",
    "wrong_type", "missing_field", "bad_encoding", "malformed_html",
};

}  // namespace

std::string_view ReasonName(BadRecord reason) { return kReasonNames[static_cast<size_t>(reason)]; }

absl::Status Bad(BadRecord reason, const std::string& message) {
  absl::Status status = absl::InvalidArgumentError(message);
  const std::string_view name = ReasonName(reason);
  // Not from std::string: g++ and clang 19 mangle that constructor differently.
  status.SetPayload(kPayloadUrl, absl::Cord(absl::string_view(name.data(), name.size())));
  return status;
}

BadRecord ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload) return BadRecord::kMalformedJson;
  const auto found = std::find(kReasonNames.begin(), kReasonNames.end(), std::string(*payload));
  if (found == kReasonNames.end()) return BadRecord::kMalformedJson;
  return static_cast<BadRecord>(found - kReasonNames.begin());
}

}  // namespace tocsin
