// A sink that works only while the lock is ours.
//
//   LeaderSink sink(exactly_once_sink.get(), lock.get(), &log);
//
// Shape     once the lock has gone nothing is published, committed or aborted any more: what is open
//           is ended by the next active one, and a new producer of ours, which an abort in doubt
//           makes, would fence it. Once a minute, the log is told up to where the state knows it.
// Errors    Aborted, without the lock, but Prepare and Abort: they have nothing to do. Else as the
//           sink within.
// Threads   as of Sink.
// Lifetime  sink, lock and log outlive it.
#ifndef TOCSIN_PIPELINE_ALERT_LEADER_SINK_H_
#define TOCSIN_PIPELINE_ALERT_LEADER_SINK_H_

#include <chrono>
#include <optional>

#include "pipeline/alert/leader_lock.h"
#include "pipeline/alert/state_log.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

class LeaderSink final : public Sink {
 public:
  LeaderSink(Sink* sink, const LeaderLock* lock, StateLog* log)
      : sink_(sink), lock_(lock), term_(lock->term()), log_(log) {}

  absl::Status Prepare() override { return Holds() ? sink_->Prepare() : absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& output) override {
    return Holds() ? sink_->Publish(output) : Lost();
  }
  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override {
    return Holds() ? sink_->PublishDeadLetter(origin, why) : Lost();
  }
  absl::Status Commit(Source& source, const Offsets& next) override;
  absl::Status Abort() override { return Holds() ? sink_->Abort() : absl::OkStatus(); }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kMarkInterval{60};

  bool Holds() const { return lock_->Holds(term_); }
  static absl::Status Lost() { return absl::AbortedError("the lock is not ours any more"); }

  Sink* const sink_;
  const LeaderLock* const lock_;
  const uint64_t term_;
  StateLog* const log_;
  Clock::time_point next_mark_ = Clock::now() + kMarkInterval;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_LEADER_SINK_H_
