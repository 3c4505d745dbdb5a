// The compacted Kafka topic of stories, read into the state: from its beginning, then on.
//
//   StateLog log(settings, "news.alerts.state", keep_ms, &state);
//   RETURN_IF_ERROR(log.Follow(100ms));                  // standing by: what the active one writes
//   RETURN_IF_ERROR(log.Aim());                          // about to be the active one
//   while (!log.is_caught_up()) RETURN_IF_ERROR(log.Follow(100ms));
//   log.Stop();
//   ... before a commit of ours: auto mark = log.Ends(); after it: log.SkipTo(*mark) ...
//
// Shape     is_caught_up: everything that was committed when Aim was called has been applied. What
//           is followed again after Stop begins at the place skipped to, so that it need not be
//           what we wrote ourselves; to apply it twice changes nothing.
// Cost      Aim, Ends: some round trips.
// Errors    Unavailable: the brokers did not answer; call again. FailedPrecondition: a record that
//           is none of ours, or of another version: to go on without it could alert twice.
// Threads   one.
// Lifetime  the state outlives it.
#ifndef TOCSIN_PIPELINE_ALERT_STATE_LOG_H_
#define TOCSIN_PIPELINE_ALERT_STATE_LOG_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/alert/alert_state.h"
#include "pipeline/broker/fetch_waker.h"
#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"

namespace tocsin {

class StateLog {
 public:
  using Places = std::vector<int64_t>;  // by partition: an offset

  // keep_ms: older entries are not asked for any more.
  StateLog(broker::ClientSettings settings, std::string kafka_topic, int64_t keep_ms,
           AlertState* state);

  absl::Status Follow(std::chrono::milliseconds timeout);
  absl::Status Aim();
  bool is_caught_up() const;
  void Stop();

  // As a reader of committed records sees them now.
  absl::StatusOr<Places> Ends() const;
  void SkipTo(const Places& places);

 private:
  absl::Status Connect();
  absl::Status Take(const rd_kafka_message_t& message);
  void Reach(int32_t partition, int64_t offset);

  broker::ClientSettings settings_;
  const std::string kafka_topic_;
  const int64_t keep_ms_;
  AlertState* const state_;
  broker::FetchWaker fetch_waker_;
  Places next_;
  Places aims_;
  bool is_stopped_ = false;
  broker::Client client_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_STATE_LOG_H_
