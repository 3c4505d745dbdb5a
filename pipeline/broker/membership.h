// What a consumer proves its membership with when a transaction stores its group's offsets.
//
//   ASSIGN_OR_RETURN(const GroupMembership membership, broker::MembershipOf(consumer));
//
// Errors    Aborted: it is in no group. Internal: this librdkafka writes it in an unknown form.
#ifndef TOCSIN_PIPELINE_BROKER_MEMBERSHIP_H_
#define TOCSIN_PIPELINE_BROKER_MEMBERSHIP_H_

#include <absl/status/statusor.h>
#include <librdkafka/rdkafka.h>

#include "pipeline/consume/source.h"

namespace tocsin::broker {

// As of now.
absl::StatusOr<GroupMembership> MembershipOf(rd_kafka_t* consumer);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_MEMBERSHIP_H_
