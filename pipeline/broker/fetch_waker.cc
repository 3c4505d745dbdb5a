#include "pipeline/broker/fetch_waker.h"

#include <limits>

#include "pipeline/broker/handles.h"

namespace tocsin::broker {

FetchWaker::FetchWaker(const Buffers& buffers)
    : wake_after_bytes_(HasFetchQueueBackoff() ? std::numeric_limits<size_t>::max()
                                               : buffers.consumer_bytes / 2) {}

// Of all requests to leaders that of their ends is the cheapest.
void FetchWaker::Wake(rd_kafka_t* client) {
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(client, &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const PartitionList partitions(assigned);
  for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = RD_KAFKA_OFFSET_END;
  rd_kafka_offsets_for_times(client, partitions.get(), 0);
}

}  // namespace tocsin::broker
