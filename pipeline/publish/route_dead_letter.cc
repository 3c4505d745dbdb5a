#include "pipeline/publish/route_dead_letter.h"

#include <fmt/format.h>

#include <string>

#include "rules/base/status_macros.h"

namespace tocsin {

absl::Status RouteDeadLetter(const Record& record, DeadLetter why, Sink* sink, Counters* counters) {
  absl::Status status = sink->PublishDeadLetter(record, why);
  if (absl::IsOutOfRange(status) && !why.is_pointer) {
    why.is_pointer = true;
    status = sink->PublishDeadLetter(record, why);
  }
  if (absl::IsOutOfRange(status)) {
    return absl::FailedPreconditionError(fmt::format(
        "{}[{}] offset {}: even a pointer to it is too large: {}; raise "
        "message.max.bytes",
        record.kafka_topic, record.partition, record.offset, std::string(status.message())));
  }
  RETURN_IF_ERROR(status);
  counters->dead_lettered.Add({record.kafka_topic, why.reason}, 1);
  return absl::OkStatus();
}

}  // namespace tocsin
