#include "daemon/backfill.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include "daemon/client_settings.h"
#include "pipeline/broker/extents.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

std::string Compact(int64_t time_ms) {
  return absl::FormatTime("%Y%m%dT%H%M%E3SZ", absl::FromUnixMillis(time_ms), absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<int64_t> ParseTime(const std::string& rfc3339) {
  absl::Time time;
  std::string error;
  // It takes "infinite-future" for one, too.
  const bool is_date = !rfc3339.empty() && rfc3339[0] >= '0' && rfc3339[0] <= '9';
  if (is_date && absl::ParseTime(absl::RFC3339_full, rfc3339, &time, &error)) {
    return absl::ToUnixMillis(time);
  }
  return absl::InvalidArgumentError(
      fmt::format("{} is no time: write it like 2024-03-01T00:00:00Z", rfc3339));
}

std::string BackfillGroup(const std::string& group, const BackfillSpan& span) {
  return fmt::format("{}.backfill.{}-{}", group, Compact(span.from_ms),
                     span.to_ms ? Compact(*span.to_ms) : "now");
}

absl::StatusOr<Backfill> PrepareBackfill(const Config& config, const BackfillSpan& span) {
  Backfill backfill{.from_ms = span.from_ms,
                    .to_ms = span.to_ms.value_or(absl::ToUnixMillis(absl::Now())),
                    .records_per_second = span.records_per_second,
                    .extents = {}};
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  ASSIGN_OR_RETURN(backfill.extents, broker::ExtentsNow(client, config.input, span.from_ms));
  RETURN_IF_ERROR(broker::StartGroup(client, backfill.extents));
  return backfill;
}

}  // namespace tocsin
