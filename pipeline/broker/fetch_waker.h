// Keeps librdkafka fetching while its queue of fetched records is emptied.
//
//   FetchWaker waker(settings.buffers);
//   Message message(rd_kafka_consumer_poll(client, timeout_ms));
//   if (message != nullptr) waker.Took(client, *message);
//
// Cost      an addition a message; after each half of the queue one small request to each leader,
//           whose answer nobody awaits.
// Errors    none: at worst fetching goes on a second later.
// Threads   that of the poll.
// Why       A broker's thread that finds the queue full looks again after a second, however fast the
//           queue is emptied (LRK#2879): so no more than one queue a second would be read. Since
//           2.2.0 fetch.queue.backoff.ms shortens that; before, a request wakes the thread.
#ifndef TOCSIN_PIPELINE_BROKER_FETCH_WAKER_H_
#define TOCSIN_PIPELINE_BROKER_FETCH_WAKER_H_

#include <librdkafka/rdkafka.h>

#include <cstddef>

#include "pipeline/broker/settings.h"

namespace tocsin::broker {

class FetchWaker {
 public:
  explicit FetchWaker(const Buffers& buffers);

  void Took(rd_kafka_t* client, const rd_kafka_message_t& message) {
    taken_bytes_ += message.len;  // which is what the queue counts of it
    if (taken_bytes_ < wake_after_bytes_) return;
    taken_bytes_ = 0;
    Wake(client);
  }

 private:
  static constexpr size_t kMessageBytes =
      512;  // more than the queue counts for each beside its value

  static void Wake(rd_kafka_t* client);

  size_t wake_after_bytes_;
  size_t taken_bytes_ = 0;
};

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_FETCH_WAKER_H_
