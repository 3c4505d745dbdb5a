// Requests to reload, carried out one at a time on a thread of its own.
//
//   Reloader reloader;                        // takes requests from now on
//   reloader.Start([&] { return Reload(); });  // carries them out from now on
//   reloader.Request();
//
// Shape     requests that come while one waits are one with it. Each is followed by a reload that
//           starts after it, so that the last one sees what the requester wrote before.
// Errors    the action tells whom it concerns.
// Threads   any.
// Lifetime  destruction waits for the reload that is under way.
#ifndef TOCSIN_DAEMON_RELOADER_H_
#define TOCSIN_DAEMON_RELOADER_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace tocsin {

class Reloader {
 public:
  Reloader() = default;
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;
  ~Reloader();

  void Start(std::function<void()> action);
  void Request();

 private:
  void Run(const std::stop_token& stop);

  std::function<void()> action_;
  std::mutex mutex_;  // of what follows
  std::condition_variable_any requested_;
  bool is_requested_ = false;
  std::jthread thread_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RELOADER_H_
