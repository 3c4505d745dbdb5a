// A client's connections to brokers, as the kernel knows them.
//
//   rd_kafka_conf_set_socket_cb(conf, ...);        // sockets.Open(domain, type, protocol)
//   rd_kafka_conf_set_closesocket_cb(conf, ...);   // sockets.Close(socket)
//   sockets.Connected() > 0
//
// Shape     librdkafka's own statistics are not used: they wait in the queue that a worker polls,
//           without a bound while it does not.
// Cost      Connected: a system call for each socket.
// Threads   any; librdkafka opens and closes on its own.
#ifndef TOCSIN_PIPELINE_BROKER_SOCKETS_H_
#define TOCSIN_PIPELINE_BROKER_SOCKETS_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>

namespace tocsin::broker {

class Sockets {
 public:
  int Open(int domain, int type, int protocol);  // as socket(2)
  int Close(int socket);                         // as close(2)

  size_t Connected() const;
  uint64_t closed() const;  // ever

 private:
  mutable std::mutex mutex_;
  std::set<int> open_;
  uint64_t closed_ = 0;
};

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_SOCKETS_H_
