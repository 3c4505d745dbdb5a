// The answer that librdkafka wants to a rebalance, by the protocol in use.
//
//   ... of a rebalance callback: ...
//   broker::TakePartitions(client, partitions);      // or GiveUpPartitions
//
// Errors    logged: there is nobody to hand them to, and the next rebalance mends them.
#ifndef TOCSIN_PIPELINE_BROKER_REBALANCE_H_
#define TOCSIN_PIPELINE_BROKER_REBALANCE_H_

#include <librdkafka/rdkafka.h>

namespace tocsin::broker {

void TakePartitions(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions);
void GiveUpPartitions(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_REBALANCE_H_
