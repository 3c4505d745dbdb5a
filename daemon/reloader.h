// Requests to reload, carried out one at a time on a thread of its own.
//
//   Reloader reloader;                        // takes requests from now on
//   reloader.Start([&] { return Reload(); });  // carries them out from now on
//   reloader.Request();
//
// Shape     requests that come while one waits are one with it. Each is followed by a reload that
//           starts after it, so that the last one sees what the requester wrote before.
// Errors    those of the action are kept for whoever asks.
// Threads   any.
// Lifetime  destruction waits for the reload that is under way.
#ifndef TOCSIN_DAEMON_RELOADER_H_
#define TOCSIN_DAEMON_RELOADER_H_

#include <absl/status/status.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace tocsin {

class Reloader {
 public:
  struct State {
    uint64_t started = 0;
    uint64_t succeeded = 0;
    uint64_t failed = 0;
    absl::Status last;  // of the reload that ended last

    uint64_t finished() const { return succeeded + failed; }
  };

  Reloader() = default;
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;
  ~Reloader();

  void Start(std::function<absl::Status()> action);
  void Request();
  State state() const;

 private:
  void Run(const std::stop_token& stop);

  std::function<absl::Status()> action_;
  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any requested_;
  bool is_requested_ = false;
  State state_;
  std::jthread thread_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RELOADER_H_
