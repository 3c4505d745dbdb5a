#include "daemon/life_signs.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "daemon/notify.h"
#include "daemon/worker_group.h"

namespace tocsin {
namespace {

constexpr auto kBeat = std::chrono::seconds(1);
constexpr auto kExtension = std::chrono::seconds(30);
constexpr auto kWaitingMax = std::chrono::seconds(10);

}  // namespace

bool EachWentOn(const std::vector<uint64_t>& before, const std::vector<uint64_t>& now) {
  for (size_t i = 0; i < now.size(); ++i) {
    if (now[i] == before[i] && now[i] != WorkerGroup::kAtItsEnd) return false;
  }
  return true;
}

LifeSigns::LifeSigns(std::stop_token draining, std::string doing) : draining_(std::move(draining)) {
  notify::Status(std::move(doing));
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

LifeSigns::~LifeSigns() {
  thread_.request_stop();
  thread_.join();
  notify::Stopping();
}

void LifeSigns::Waiting(std::string for_what) {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::kWaiting;
  waiting_since_ = std::chrono::steady_clock::now();
  notify::Status(std::move(for_what));
}

void LifeSigns::Ready(Progress progress, StatusLine status_line) {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::kReady;
  progress_ = std::move(progress);
  status_line_ = std::move(status_line);
  if (!std::exchange(is_ready_, true)) notify::Ready();
  changed_.notify_one();
}

void LifeSigns::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    Beat();
    spdlog::default_logger()->flush();  // counts of repeated lines that are due
    const Phase phase = phase_;
    changed_.wait_for(lock, stop, kBeat, [&] { return phase_ != phase; });
  }
}

void LifeSigns::Beat() {
  if (draining_.stop_requested() && phase_ != Phase::kDraining) {
    phase_ = Phase::kDraining;
    notify::Stopping();
    notify::Status("draining");
  }
  switch (phase_) {
    case Phase::kStarting:
      notify::ExtendTimeout(kExtension);
      return;
    case Phase::kWaiting:
      if (is_ready_) return notify::Watchdog();
      notify::ExtendTimeout(kExtension);
      if (std::chrono::steady_clock::now() - waiting_since_ > kWaitingMax) {
        is_ready_ = true;
        notify::Ready();
      }
      return;
    case Phase::kReady:
      FeedWatchdog();
      notify::Status(status_line_());
      return;
    case Phase::kDraining:
      notify::ExtendTimeout(kExtension);
      if (progress_) FeedWatchdog();
      return;
  }
}

void LifeSigns::FeedWatchdog() {
  std::vector<uint64_t> now = progress_();
  if (fed_at_ && !EachWentOn(*fed_at_, now)) return;
  fed_at_ = std::move(now);
  notify::Watchdog();
}

}  // namespace tocsin
