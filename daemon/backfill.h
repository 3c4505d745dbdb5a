// `tocsin run --from TIME --to TIME`: the records of a time once more, in a group of their own.
//
//   config.group = BackfillGroup(config.group, span);
//   ASSIGN_OR_RETURN(const Backfill backfill, PrepareBackfill(config, span));
//   ASSIGN_OR_RETURN(auto workers, KafkaWorkers::Connect(config, rule_set, &counters, &backfill));
//
// Shape     the group's name is made of the configured one and the times, so that the same command
//           resumes. Without an end the present is one, anew with each start.
// Units     times: RFC 3339 text; milliseconds since the epoch inside, the end exclusive.
// Errors    InvalidArgument: a time that is none. NotFound: an input does not exist. Unavailable,
//           Aborted: the brokers did not answer, or another process starts the same one.
#ifndef TOCSIN_DAEMON_BACKFILL_H_
#define TOCSIN_DAEMON_BACKFILL_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "pipeline/consume/window.h"

namespace tocsin {

struct BackfillSpan {
  int64_t from_ms = 0;
  std::optional<int64_t> to_ms;
  double records_per_second = 0;  // of the process; 0: as many as there are
};

struct Backfill {
  int64_t from_ms;
  int64_t to_ms;
  double records_per_second;
  std::vector<Extent> extents;
};

absl::StatusOr<int64_t> ParseTime(const std::string& rfc3339);

// tocsin.backfill.20240301T000000.000Z-20240302T000000.000Z, or ...-now
std::string BackfillGroup(const std::string& group, const BackfillSpan& span);

// Asks the brokers where it begins and ends, and commits where it begins, unless it has begun; the
// configured group is its own.
absl::StatusOr<Backfill> PrepareBackfill(const Config& config, const BackfillSpan& span);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_BACKFILL_H_
