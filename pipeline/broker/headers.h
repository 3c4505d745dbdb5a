// The headers of a message, in their order.
//
//   ForEachHeader(*message, [&](const char* name, const void* value, size_t size) { ... });
//
// Shape     value: null if the header has none. A message without headers has nothing to visit.
// Cost      the first time for a message librdkafka allocates, headers or not.
// Lifetime  names and values live as long as the message.
#ifndef TOCSIN_PIPELINE_BROKER_HEADERS_H_
#define TOCSIN_PIPELINE_BROKER_HEADERS_H_

#include <librdkafka/rdkafka.h>

#include <cstddef>

namespace tocsin::broker {

template <typename Visit>
void ForEachHeader(const rd_kafka_message_t& message, Visit visit) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    visit(name, value, size);
  }
}

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_HEADERS_H_
