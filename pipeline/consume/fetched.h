// What a consumer's poll brings, as records and as statuses.
//
//   if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return CheckFetchError(*message, has_begun);
//   AppendFetched(std::move(message), &batch);
//
// Shape     AppendFetched: the batch views the message's bytes, and owns it.
// Errors    CheckFetchError: OutOfRange where auto.offset.reset=error; Internal on librdkafka's
//           fatal errors; PermissionDenied until something was consumed: a right taken away while
//           we run may come back, one that was never there is a mistake. All else is logged.
// Cost      no copy; headers are read when they are first asked for.
#ifndef TOCSIN_PIPELINE_CONSUME_FETCHED_H_
#define TOCSIN_PIPELINE_CONSUME_FETCHED_H_

#include <absl/status/status.h>

#include <string_view>

#include "pipeline/broker/handles.h"
#include "pipeline/consume/assignment.h"
#include "pipeline/consume/record_batch.h"

namespace tocsin {

void AppendFetched(broker::Message message, RecordBatch* batch);

// Aborted: it is not where we are.
absl::Status AdriftError(const rd_kafka_message_t& message);

// Aborted if an error event tells that a Kafka topic of ours is gone, for the first time: it is
// adrift then, and nothing that was done of it may be committed, lest that be taken for the place
// in another of its name.
absl::Status NoteIfGone(int code, std::string_view reason, Assignment* assignment);

absl::Status CheckFetchError(const rd_kafka_message_t& event, bool has_begun);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_FETCHED_H_
