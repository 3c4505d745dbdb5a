// Any value, its first byte choosing the content-encoding: it is read within the limit or refused
// with a reason, and what is refused leaves the reader as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/payload.h"

namespace {

constexpr tocsin::PayloadLimits kLimits{.bytes_max = 1 << 16};
constexpr std::string_view kEncodings[] = {"", "gzip", "zstd", "identity"};

void Check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "payload_fuzz: " << what << '\n';
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static tocsin::PayloadReader reader(kLimits);
  if (size == 0) return 0;
  const std::string_view encoding = kEncodings[data[0] % std::size(kEncodings)];
  const std::string_view value(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto json = reader.Read(value, encoding);
  if (json.ok()) {
    Check(json->size() <= kLimits.bytes_max, "more than the limit");
    const std::string first(*json);
    const auto again = reader.Read(value, encoding);
    Check(again.ok() && *again == first, "another text the second time");
    return 0;
  }
  const tocsin::BadRecord reason = tocsin::ReasonOf(json.status());
  Check(reason == tocsin::BadRecord::kTooLarge || reason == tocsin::BadRecord::kBadEncoding,
        "refused for another reason");
  Check(!json.status().message().empty(), "no message");
  Check(*reader.Read("{}", "") == "{}", "unusable after a refusal");
  return 0;
}
