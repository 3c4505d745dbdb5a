// SIGTERM and SIGINT as a stop request, SIGHUP as a call.
//
//   Reloader reloader;
//   Signals signals([&] { reloader.Request(); });  // before other threads: they inherit the mask
//   signals.EndAfter(config.drain_timeout);
//   workers->Run(signals.stop_token());
//
// Shape     the first signal requests a stop; a second one ends the process at once, with 1; a stop
//           that takes longer than it may, with 75: what is not committed is left to another, as
//           after a crash.
// Threads   one of its own waits for signals, and calls; construct before any other thread exists.
// Lifetime  the signals stay blocked afterwards.
#ifndef TOCSIN_DAEMON_SIGNALS_H_
#define TOCSIN_DAEMON_SIGNALS_H_

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <stop_token>
#include <thread>

namespace tocsin {

class Signals {
 public:
  // Without a call for SIGHUP, it ends the process, as it does by default.
  explicit Signals(std::function<void()> on_hangup = nullptr);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  std::stop_token stop_token() const { return stop_.get_token(); }

  // Of a stop that is requested later.
  void EndAfter(std::chrono::milliseconds drain_timeout) { drain_timeout_ = drain_timeout; }

 private:
  void Wait();
  int Next();  // the next signal; ends the process when a stop has taken too long

  const std::function<void()> on_hangup_;
  sigset_t watched_;
  std::stop_source stop_;
  std::atomic<std::chrono::milliseconds> drain_timeout_{std::chrono::hours(24 * 365)};
  std::chrono::steady_clock::time_point stop_requested_at_;
  std::atomic<bool> done_ = false;
  std::thread waiter_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_SIGNALS_H_
