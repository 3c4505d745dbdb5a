#include "pipeline/broker/sockets.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace tocsin::broker {

int Sockets::Open(int domain, int type, int protocol) {
  const int opened = socket(domain, type | SOCK_CLOEXEC, protocol);
  if (opened < 0) return opened;
  const std::lock_guard lock(mutex_);
  open_.insert(opened);
  return opened;
}

int Sockets::Close(int socket) {
  // Under the lock: nobody is to ask about a descriptor that is another's by now.
  const std::lock_guard lock(mutex_);
  open_.erase(socket);
  ++closed_;
  return close(socket);
}

size_t Sockets::Connected() const {
  const std::lock_guard lock(mutex_);
  return std::count_if(open_.begin(), open_.end(), [](int socket) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
  });
}

uint64_t Sockets::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace tocsin::broker
