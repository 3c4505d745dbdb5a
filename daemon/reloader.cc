#include "daemon/reloader.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace tocsin {

Reloader::~Reloader() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Reloader::Start(std::function<absl::Status()> action) {
  action_ = std::move(action);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void Reloader::Request() {
  const std::lock_guard lock(mutex_);
  is_requested_ = true;
  requested_.notify_one();
}

Reloader::State Reloader::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void Reloader::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (requested_.wait(lock, stop, [this] { return is_requested_; })) {
    is_requested_ = false;
    ++state_.started;
    lock.unlock();
    const absl::Status status = action_();
    if (!status.ok()) {
      spdlog::error("reload: the old rules stay: {}", std::string(status.message()));
    }
    lock.lock();
    ++(status.ok() ? state_.succeeded : state_.failed);
    state_.last = status;
  }
}

}  // namespace tocsin
