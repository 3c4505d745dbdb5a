#include "daemon/signals.h"

#include <pthread.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace tocsin {
namespace {

constexpr auto kTick = std::chrono::milliseconds(100);  // between looks at the clock of a stop

}  // namespace

Signals::Signals(std::function<void()> on_hangup) : on_hangup_(std::move(on_hangup)) {
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGTERM);
  sigaddset(&watched_, SIGINT);
  if (on_hangup_) sigaddset(&watched_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &watched_, nullptr);
  waiter_ = std::thread([this] { Wait(); });
}

Signals::~Signals() {
  done_ = true;
  pthread_kill(waiter_.native_handle(), SIGTERM);
  waiter_.join();
}

void Signals::Wait() {
  while (!done_) {
    const int signal = Next();
    if (done_ || signal < 0) continue;
    if (signal == SIGHUP) {
      on_hangup_();
      continue;
    }
    if (stop_.stop_requested()) _exit(EXIT_FAILURE);
    spdlog::info("{}: stopping", strsignal(signal));
    stop_requested_at_ = std::chrono::steady_clock::now();
    stop_.request_stop();
  }
}

int Signals::Next() {
  if (!stop_.stop_requested()) {
    int signal = -1;
    return sigwait(&watched_, &signal) == 0 ? signal : -1;
  }
  if (std::chrono::steady_clock::now() - stop_requested_at_ > drain_timeout_.load()) {
    spdlog::error("not drained in time: what is not committed is given up (drain_timeout_ms)");
    _exit(EX_TEMPFAIL);
  }
  const timespec tick{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(kTick).count()};
  return sigtimedwait(&watched_, nullptr, &tick);
}

}  // namespace tocsin
