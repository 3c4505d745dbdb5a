// One thread's loop: consume, have each record handled, and commit what is done.
//
//   Worker worker(options, source.get(), sink.get(), std::move(handler), &counters);
//   absl::Status status = worker.Run(stop_token);
//
// Shape     what becomes of a record is the handler's; its offset is committed after that, never
//           before.
// Units     a commit is due commit_interval after the first record since the last one, or sooner
//           after commit_records_max records or commit_bytes_max bytes of values.
// Errors    a bad record, a scan that failed, a lost acknowledgement or a refused commit is dealt
//           with here. Run returns OK when the source is exhausted and everything is committed, or
//           when stopped: what could not be committed by then is given up and will be done again.
//           Else why it could not go on; DataLoss for a bad record, where one is to stop the
//           stream.
// Threads   Run on one thread. A stop request is obeyed within a batch, or an attempt to publish
//           it.
// Lifetime  source, sink and counters outlive the worker.
#ifndef TOCSIN_PIPELINE_WORKER_H_
#define TOCSIN_PIPELINE_WORKER_H_

#include <absl/status/status.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/consume/source.h"
#include "pipeline/counters.h"
#include "pipeline/handler.h"
#include "pipeline/meter.h"
#include "pipeline/publish/sink.h"
#include "pipeline/refusals.h"

namespace tocsin {

struct WorkerOptions {
  int task_id = 0;  // for messages
  std::chrono::milliseconds poll_timeout{20};
  std::chrono::milliseconds commit_interval{100};
  size_t commit_records_max = 100'000;
  size_t commit_bytes_max = size_t{32} << 20;
  std::chrono::milliseconds backoff_min{100};  // before a rewind, doubled up to the maximum
  std::chrono::milliseconds backoff_max{10'000};
};

class Worker {
 public:
  Worker(const WorkerOptions& options, Source* source, Sink* sink, std::unique_ptr<Handler> handler,
         Counters* counters);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  absl::Status Run(const std::stop_token& stop);

 private:
  using Clock = std::chrono::steady_clock;

  absl::Status Step();
  absl::Status Process(const Record& record);
  void NoteDone(const Record& record);

  bool CommitIsDue() const;
  absl::Status Commit();
  void BeforeRevoke(Revocation revocation);

  // Turns what can be done again into a rewind; any other error is passed on.
  absl::Status Recover(const absl::Status& failure, const std::stop_token& stop);
  absl::Status NoteRefusal(const absl::Status& failure);
  // Calls it again, after a pause each, until it succeeds, fails for good, or a stop is requested.
  absl::Status Persist(absl::Status (Sink::*call)(), const std::stop_token& stop);
  absl::Status GiveUp(const absl::Status& failure);
  void Forget();  // what was done since the last commit
  void BackOff(const std::stop_token& stop);

  const WorkerOptions options_;
  Source* const source_;
  Sink* const sink_;
  Counters* const counters_;
  const std::unique_ptr<Handler> handler_;

  Meter meter_;
  RecordBatch batch_;

  Refusals refusals_;
  Refusals::Place place_;    // of the record processed last
  bool in_process_ = false;  // it is not done yet

  Offsets next_;  // of everything done since the last commit
  size_t uncommitted_records_ = 0;
  size_t uncommitted_bytes_ = 0;
  Clock::time_point uncommitted_since_;
  absl::Status revoke_status_;  // how the commit inside the last Poll went
  std::chrono::milliseconds backoff_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_WORKER_H_
