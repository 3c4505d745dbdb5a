// Where the partitions of Kafka topics begin and end now, and a consumer group that begins there.
//
//   ASSIGN_OR_RETURN(const auto extents, ExtentsNow(settings, {"news.raw"}, from_ms));
//   RETURN_IF_ERROR(StartGroup(settings, extents));
//
// Shape     begin: the first record stamped from_ms or later, if there is one, else the end. end:
//           as a reader of committed records sees it.
// Errors    NotFound: no such Kafka topic. Unavailable: the brokers did not answer in time.
// Threads   any.
#ifndef TOCSIN_PIPELINE_BROKER_EXTENTS_H_
#define TOCSIN_PIPELINE_BROKER_EXTENTS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "pipeline/broker/settings.h"
#include "pipeline/consume/window.h"

namespace tocsin::broker {

inline constexpr int64_t kFromBeginning = std::numeric_limits<int64_t>::min();

absl::StatusOr<int> CountPartitions(rd_kafka_t* client, const std::string& kafka_topic,
                                    int timeout_ms);

absl::StatusOr<std::vector<Extent>> ExtentsNow(const ClientSettings& settings,
                                               const std::vector<std::string>& kafka_topics,
                                               int64_t from_ms = kFromBeginning);

// Commits the beginnings for the settings' group, where it has committed nothing yet. Aborted: a
// member of the group has been faster; ask again.
absl::Status StartGroup(const ClientSettings& settings, const std::vector<Extent>& extents);

// What the settings' group has committed of each: its begin; untouched where it has nothing.
absl::Status MoveToCommitted(const ClientSettings& settings, std::vector<Extent>* extents);

// Where to go on instead of at an offset (negative: none is known) that the partition may not have
// any more: where auto.offset.reset says then, which is logged. OutOfRange: it says error.
absl::StatusOr<int64_t> Confine(const ClientSettings& settings, const Extent& now, int64_t offset);

// Whether the group of this consumer has committed them all up to their ends.
absl::StatusOr<bool> EndsAreCommitted(rd_kafka_t* member, const std::vector<Extent>& extents,
                                      int timeout_ms);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_EXTENTS_H_
