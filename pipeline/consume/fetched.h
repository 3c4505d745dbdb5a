// What a consumer's poll brings, as records and as statuses.
//
//   if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return CheckFetchError(*message, has_begun);
//   AppendFetched(std::move(message), &headers, &batch);
//
// Shape     AppendFetched: the batch views the message's bytes, and owns it; headers is scratch.
// Errors    CheckFetchError: OutOfRange where auto.offset.reset=error; Internal on librdkafka's
//           fatal errors; PermissionDenied until something was consumed: a right taken away while
//           we run may come back, one that was never there is a mistake. All else is logged.
// Cost      no copy.
#ifndef TOCSIN_PIPELINE_CONSUME_FETCHED_H_
#define TOCSIN_PIPELINE_CONSUME_FETCHED_H_

#include <absl/status/status.h>

#include <vector>

#include "pipeline/broker/handles.h"
#include "pipeline/consume/record_batch.h"
#include "pipeline/record.h"

namespace tocsin {

void AppendFetched(broker::Message message, std::vector<Header>* headers, RecordBatch* batch);

absl::Status CheckFetchError(const rd_kafka_message_t& event, bool has_begun);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_FETCHED_H_
