// Every librdkafka object is owned on the line after the call that made it.
//
//   Message message(rd_kafka_consumer_poll(client, timeout_ms));
//   if (message == nullptr) return;
//
// Shape     a handle is a unique_ptr with a stateless deleter: one pointer, no cost.
// Lifetime  rd_kafka_new and rd_kafka_producev take a Conf or Headers over on success only:
//           release() after it, not before. A Client outlives every Message that it delivered.
#ifndef TOCSIN_PIPELINE_BROKER_HANDLES_H_
#define TOCSIN_PIPELINE_BROKER_HANDLES_H_

#include <librdkafka/rdkafka.h>

#include <memory>

namespace tocsin::broker {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

// Of what librdkafka allocated and names no client for.
inline void FreeMemory(void* memory) { rd_kafka_mem_free(nullptr, memory); }

using AdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Deleter<&rd_kafka_AdminOptions_destroy>>;
using Client = std::unique_ptr<rd_kafka_t, Deleter<&rd_kafka_destroy>>;
using Conf = std::unique_ptr<rd_kafka_conf_t, Deleter<&rd_kafka_conf_destroy>>;
using ConfigResource =
    std::unique_ptr<rd_kafka_ConfigResource_t, Deleter<&rd_kafka_ConfigResource_destroy>>;
using Error = std::unique_ptr<rd_kafka_error_t, Deleter<&rd_kafka_error_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Deleter<&rd_kafka_event_destroy>>;
using GroupMetadata = std::unique_ptr<rd_kafka_consumer_group_metadata_t,
                                      Deleter<&rd_kafka_consumer_group_metadata_destroy>>;
using Headers = std::unique_ptr<rd_kafka_headers_t, Deleter<&rd_kafka_headers_destroy>>;
using Memory = std::unique_ptr<void, Deleter<&FreeMemory>>;
using Message = std::unique_ptr<rd_kafka_message_t, Deleter<&rd_kafka_message_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Deleter<&rd_kafka_metadata_destroy>>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      Deleter<&rd_kafka_topic_partition_list_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Deleter<&rd_kafka_queue_destroy>>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Deleter<&rd_kafka_topic_destroy>>;

static_assert(sizeof(Client) == sizeof(void*), "the deleter is stateless");

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_HANDLES_H_
