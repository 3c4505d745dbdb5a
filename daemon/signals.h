// SIGTERM and SIGINT as a stop request.
//
//   const StopSignals signals;  // first: threads started later inherit the mask
//   workers->Run(signals.token());
//
// Shape     the first signal requests a stop; a second one ends the process at once, with 75.
// Threads   one of its own waits for signals; construct before any other thread exists.
// Lifetime  the signals stay blocked afterwards.
#ifndef TOCSIN_DAEMON_SIGNALS_H_
#define TOCSIN_DAEMON_SIGNALS_H_

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace tocsin {

class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Wait();

  sigset_t watched_;
  std::stop_source stop_;
  std::atomic<bool> done_ = false;
  std::thread waiter_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_SIGNALS_H_
