#include "daemon/reloader.h"

#include <utility>

namespace tocsin {

Reloader::~Reloader() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Reloader::Start(std::function<void()> action) {
  action_ = std::move(action);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void Reloader::Request() {
  const std::lock_guard lock(mutex_);
  is_requested_ = true;
  requested_.notify_one();
}

void Reloader::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (requested_.wait(lock, stop, [this] { return is_requested_; })) {
    is_requested_ = false;
    lock.unlock();
    action_();
    lock.lock();
  }
}

}  // namespace tocsin
