// What a consumer shows of itself: its partitions and their lag, its queue, its rebalances.
//
//   gauges.Assigned(*partitions);
//   gauges.ReachedEnd("news.raw", 3, assignment, end);
//   gauges.Refresh(client, assignment);       // with every poll
//
// Shape     lags come from the ends that answers to fetches bring along: nothing is asked for. Where
//           nothing is fetched, because the queue is full, they stand still.
// Cost      Refresh: a reading of the clock; once a second a lock and a search for each partition.
// Threads   one; the counters are read by others.
// Lifetime  the counters outlive it.
#ifndef TOCSIN_PIPELINE_CONSUME_CONSUMER_GAUGES_H_
#define TOCSIN_PIPELINE_CONSUME_CONSUMER_GAUGES_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "pipeline/broker/handles.h"
#include "pipeline/consume/assignment.h"
#include "pipeline/consume/window.h"
#include "pipeline/counters.h"

namespace tocsin {

class ConsumerGauges {
 public:
  explicit ConsumerGauges(Counters* counters) : counters_(counters) {}

  void Assigned(const rd_kafka_topic_partition_list_t& partitions);
  void GoesOnAt(const char* kafka_topic, int32_t partition, int64_t offset);
  void Revoked(const rd_kafka_topic_partition_list_t& partitions, bool is_lost);
  void ReachedEnd(const char* kafka_topic, int32_t partition, const Assignment& assignment,
                  int64_t end);
  // The place to go on from was looked up, and what the partition has was asked for.
  void Confined(const Extent& now, int64_t wanted);
  // A record has come that is not the next: whether others before it were deleted, unread.
  void PassedOver(rd_kafka_t* client, const Assignment& assignment,
                  const rd_kafka_message_t& message);
  void Refresh(rd_kafka_t* client, const Assignment& assignment);
  void Closed();

  broker::Sockets& sockets() { return counters_->consumer_sockets; }

 private:
  using Clock = std::chrono::steady_clock;

  // How many of the offsets from one to the other are told of for the first time: after going back
  // they are met again.
  int64_t CountDeleted(const std::string& kafka_topic, int32_t partition, int64_t from, int64_t to);

  Counters* const counters_;
  Clock::time_point refreshed_;
  std::map<std::pair<std::string, int32_t>, int64_t> told_;  // deleted offsets, up to here
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_CONSUMER_GAUGES_H_
