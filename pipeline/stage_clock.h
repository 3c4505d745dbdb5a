// Where a worker's time goes, and whether it moves at all.
//
//   clock.Enter(Stage::kDecode);
//   ... decode ...
//   clock.Enter(Stage::kMatch);       // what has passed is decode's
//   clock.seconds(Stage::kDecode), clock.stage(), clock.SinceEntered()
//
// Shape     a worker is in one stage at a time, so that over all stages its time adds up to that of
//           the wall. kConsume is waiting, too.
// Cost      one reading of the clock for each Enter, two for an article without a match.
// Threads   one writer, any readers. A stage's time is added when it is left.
#ifndef TOCSIN_PIPELINE_STAGE_CLOCK_H_
#define TOCSIN_PIPELINE_STAGE_CLOCK_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin {

enum class Stage : uint8_t { kConsume, kDecode, kMatch, kEncode, kPublish, kCommit, kRecover };

inline constexpr std::array<std::string_view, 7> kStageNames = {
    "consume", "decode", "match", "encode", "publish", "commit", "recover"};

class StageClock {
 public:
  using Clock = std::chrono::steady_clock;

  void Enter(Stage stage) {
    const int64_t now_ns = Clock::now().time_since_epoch().count();
    const int64_t entered_ns = entered_ns_.load(std::memory_order_relaxed);
    if (entered_ns != 0) {
      std::atomic<int64_t>& spent_ns = spent_ns_[static_cast<size_t>(this->stage())];
      // Nobody else writes it: a plain addition will do.
      spent_ns.store(spent_ns.load(std::memory_order_relaxed) + now_ns - entered_ns,
                     std::memory_order_relaxed);
    }
    stage_.store(stage, std::memory_order_relaxed);
    entered_ns_.store(now_ns, std::memory_order_relaxed);
  }

  Stage stage() const { return stage_.load(std::memory_order_relaxed); }
  Clock::time_point entered() const {
    return Clock::time_point(Clock::duration(entered_ns_.load(std::memory_order_relaxed)));
  }

  // Zero before the first Enter.
  std::chrono::duration<double> SinceEntered() const {
    if (entered() == Clock::time_point()) return {};
    return Clock::now() - entered();
  }

  double seconds(Stage stage) const {
    constexpr double kNanosecond = 1e-9;
    return static_cast<double>(
               spent_ns_[static_cast<size_t>(stage)].load(std::memory_order_relaxed)) *
           kNanosecond;
  }

 private:
  std::array<std::atomic<int64_t>, kStageNames.size()> spent_ns_{};
  std::atomic<int64_t> entered_ns_{0};
  std::atomic<Stage> stage_{Stage::kConsume};
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_STAGE_CLOCK_H_
