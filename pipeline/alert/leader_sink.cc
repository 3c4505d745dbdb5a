#include "pipeline/alert/leader_sink.h"

#include "rules/base/status_macros.h"

namespace tocsin {

absl::Status LeaderSink::Commit(Source& source, const Offsets& next) {
  if (!Holds()) return Lost();
  // Before the commit: as it succeeds, nobody else can have written anything up to here. Asked for
  // after it, another one's records might be among what is skipped.
  std::optional<StateLog::Places> mark;
  if (Clock::now() >= next_mark_) {
    next_mark_ = Clock::now() + kMarkInterval;
    absl::StatusOr<StateLog::Places> ends = log_->Ends();
    if (ends.ok()) mark = *std::move(ends);
  }
  RETURN_IF_ERROR(sink_->Commit(source, next));
  if (mark) log_->SkipTo(*mark);
  return absl::OkStatus();
}

}  // namespace tocsin
