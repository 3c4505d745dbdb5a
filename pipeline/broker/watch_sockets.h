// Lets a client's Sockets be those that librdkafka opens and closes for it.
//
//   rd_kafka_conf_set_opaque(conf, this);
//   broker::WatchSockets<KafkaSource>(conf);   // it has `broker::Sockets& sockets()`
//
// Threads   librdkafka's own ask for sockets().
// Lifetime  the opaque outlives the client.
#ifndef TOCSIN_PIPELINE_BROKER_WATCH_SOCKETS_H_
#define TOCSIN_PIPELINE_BROKER_WATCH_SOCKETS_H_

#include <librdkafka/rdkafka.h>

#include "pipeline/broker/sockets.h"

namespace tocsin::broker {

template <typename Owner>
void WatchSockets(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_socket_cb(conf, [](int domain, int type, int protocol, void* owner) noexcept {
    return static_cast<Owner*>(owner)->sockets().Open(domain, type, protocol);
  });
  rd_kafka_conf_set_closesocket_cb(conf, [](int socket, void* owner) noexcept {
    return static_cast<Owner*>(owner)->sockets().Close(socket);
  });
}

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_WATCH_SOCKETS_H_
