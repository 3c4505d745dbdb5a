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

#include "pipeline/broker/handles.h"
#include "pipeline/consume/record_batch.h"

namespace tocsin {

void AppendFetched(broker::Message message, RecordBatch* batch);

// Aborted: it is not where we are.
absl::Status AdriftError(const rd_kafka_message_t& message);

absl::Status CheckFetchError(const rd_kafka_message_t& event, bool has_begun);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_FETCHED_H_
