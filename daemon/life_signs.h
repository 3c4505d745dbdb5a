// What systemd hears of the daemon, from its start to its end.
//
//   LifeSigns life_signs(signals.stop_token(), "compiling the rules");
//   life_signs.Waiting("waiting for the Kafka brokers");
//   life_signs.Ready([&] { return workers->Progress(); }, [&] { return workers->StatusLine(); });
//
// Shape     the start timeout is extended while something is compiled. Brokers that cannot be
//           reached do not fail a start: after 10 s of waiting we are ready, and say for what we
//           wait. The watchdog is fed only when every worker has gone on since it was fed last: one
//           stuck worker starves it. Draining extends the stop timeout; drain_timeout_ms ends it.
// Units     Progress: as WorkerGroup::Progress.
// Threads   one of its own; the functions given are called on it.
// Lifetime  what the functions use outlives it.
#ifndef TOCSIN_DAEMON_LIFE_SIGNS_H_
#define TOCSIN_DAEMON_LIFE_SIGNS_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace tocsin {

// Whether every worker has gone on, or is at its end.
bool EachWentOn(const std::vector<uint64_t>& before, const std::vector<uint64_t>& now);

class LifeSigns {
 public:
  using Progress = std::function<std::vector<uint64_t>()>;
  using StatusLine = std::function<std::string()>;

  LifeSigns(std::stop_token draining, std::string doing);
  LifeSigns(const LifeSigns&) = delete;
  LifeSigns& operator=(const LifeSigns&) = delete;
  ~LifeSigns();

  void Waiting(std::string for_what);
  void Ready(Progress progress, StatusLine status_line);

 private:
  enum class Phase : uint8_t { kStarting, kWaiting, kReady, kDraining };

  void Run(const std::stop_token& stop);
  void Beat();
  void FeedWatchdog();

  const std::stop_token draining_;
  std::mutex mutex_;  // of what follows
  std::condition_variable_any changed_;
  Phase phase_ = Phase::kStarting;
  bool is_ready_ = false;  // as systemd has been told
  std::chrono::steady_clock::time_point waiting_since_;
  Progress progress_;
  StatusLine status_line_;
  std::optional<std::vector<uint64_t>> fed_at_;
  std::jthread thread_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_LIFE_SIGNS_H_
