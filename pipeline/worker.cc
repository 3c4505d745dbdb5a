#include "pipeline/worker.h"

#include <absl/cleanup/cleanup.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "pipeline/fault_points.h"
#include "rules/base/status_macros.h"

namespace tocsin {

Worker::Worker(const WorkerOptions& options, Source* source, Sink* sink, Matcher matcher,
               Encoder encoder, Counters* counters)
    : options_(options),
      source_(source),
      sink_(sink),
      counters_(counters),
      decoder_(options.limits),
      matcher_(std::move(matcher)),
      encoder_(std::move(encoder)),
      refusals_(options.commit_records_max),
      backoff_(options.backoff_min) {
  source_->OnRevoke([this](Revocation revocation) { BeforeRevoke(revocation); });
}

Worker::~Worker() { source_->OnRevoke(nullptr); }

absl::Status Worker::Run(const std::stop_token& stop) {
  const absl::Cleanup leave = [this] {
    batch_.Clear();
    source_->Close();
  };
  RETURN_IF_ERROR(Persist(&Sink::Prepare, stop));
  for (;;) {
    while (!stop.stop_requested() && !source_->exhausted()) {
      const absl::Status status = Step();
      if (!status.ok()) RETURN_IF_ERROR(Recover(status, stop));
    }
    const absl::Status status = Commit();
    if (status.ok()) return status;
    if (stop.stop_requested()) return GiveUp(status);
    RETURN_IF_ERROR(Recover(status, stop));
  }
}

absl::Status Worker::Step() {
  RETURN_IF_ERROR(source_->Poll(options_.poll_timeout, &batch_));
  RETURN_IF_ERROR(std::exchange(revoke_status_, absl::OkStatus()));
  for (const Record& record : batch_.records()) {
    RETURN_IF_ERROR(Process(record));
    // Not after the batch alone: slow articles must not outlast the transaction.
    if (CommitIsDue()) RETURN_IF_ERROR(Commit());
  }
  return CommitIsDue() ? Commit() : absl::OkStatus();
}

absl::Status Worker::Process(const Record& record) {
  place_.kafka_topic = record.kafka_topic;
  place_.partition = record.partition;
  place_.offset = record.offset;
  in_process_ = true;
  counters_->consumed.Add(1);
  const Remedy remedy = refusals_.RemedyFor(record);
  if (remedy == Remedy::kPointer) {
    RETURN_IF_ERROR(PublishDeadLetter(record, {.stage = "publish",
                                               .reason = "refused",
                                               .message = std::string(refusals_.WhyRefused(record)),
                                               .is_pointer = true}));
  } else if (record.value) {
    counters_->consumed_bytes.Add(record.value->size());
    RETURN_IF_ERROR(ProcessArticle(
        record, remedy == Remedy::kTruncate ? Encoder::Form::kTruncated : Encoder::Form::kWhole));
  } else {
    RETURN_IF_ERROR(ProcessTombstone(record));
  }
  NoteDone(record);
  return absl::OkStatus();
}

absl::Status Worker::ProcessArticle(const Record& record, Encoder::Form form) {
  const absl::StatusOr<const Article*> article = decoder_.Decode(*record.value);
  if (!article.ok()) {
    // A bad record that was too large once has nothing to leave out but itself.
    return PublishDeadLetter(record, {.stage = "decode",
                                      .reason = std::string(ReasonName(ReasonOf(article.status()))),
                                      .message = std::string(article.status().message()),
                                      .is_pointer = form == Encoder::Form::kTruncated});
  }
  const uint64_t surrogates = decoder_.surrogates_replaced();
  counters_->surrogates_replaced.Add(surrogates - std::exchange(surrogates_seen_, surrogates));

  const absl::Status matched = matcher_.Match(**article, &matches_);
  if (!matched.ok()) {
    return PublishDeadLetter(record, {.stage = "match",
                                      .reason = "scan_failed",
                                      .message = std::string(matched.message()),
                                      .is_pointer = form == Encoder::Form::kTruncated});
  }
  return PublishOutputs(record, **article, form);
}

absl::Status Worker::PublishOutputs(const Record& record, const Article& article,
                                    Encoder::Form form) {
  outputs_.clear();
  encoder_.Encode(record, article, matches_, &outputs_, form);
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (i > 0) fault::Reach(fault::Point::kMidFanOut);
    absl::Status status = sink_->Publish(outputs_[i]);
    if (absl::IsOutOfRange(status) && form == Encoder::Form::kWhole) {
      form = Encoder::Form::kTruncated;
      outputs_.clear();
      encoder_.Encode(record, article, matches_, &outputs_, form);
      status = sink_->Publish(outputs_[i]);
    }
    if (absl::IsOutOfRange(status)) {
      status = PublishDeadLetter(record, {.stage = "publish",
                                          .reason = "refused",
                                          .message = std::string(status.message()),
                                          .is_pointer = true});
    }
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status Worker::ProcessTombstone(const Record& record) {
  counters_->tombstones.Add(1);
  switch (options_.on_tombstone) {
    case OnTombstone::kDrop:
      return absl::OkStatus();
    case OnTombstone::kDeadLetter:
      return PublishDeadLetter(
          record, {.stage = "decode", .reason = "tombstone", .message = "the record has no value"});
    case OnTombstone::kPass:
      break;
  }
  outputs_.clear();
  encoder_.EncodeTombstone(record, &outputs_);
  for (const OutputRecord& output : outputs_) RETURN_IF_ERROR(sink_->Publish(output));
  return absl::OkStatus();
}

absl::Status Worker::PublishDeadLetter(const Record& record, DeadLetter why) {
  const std::string where =
      fmt::format("{}[{}] offset {}", record.kafka_topic, record.partition, record.offset);
  if (options_.on_error == OnError::kStop) {
    return absl::DataLossError(
        fmt::format("{}: {}: {}; on_error is stop", where, why.reason, why.message));
  }
  why.task_id = options_.task_id;
  absl::Status status = sink_->PublishDeadLetter(record, why);
  if (absl::IsOutOfRange(status) && !why.is_pointer) {
    why.is_pointer = true;
    status = sink_->PublishDeadLetter(record, why);
  }
  if (absl::IsOutOfRange(status)) {
    return absl::FailedPreconditionError(
        fmt::format("{}: even a pointer to it is too large: {}; raise message.max.bytes", where,
                    std::string(status.message())));
  }
  RETURN_IF_ERROR(status);
  counters_->dead_lettered.Add(why.reason, 1);
  return absl::OkStatus();
}

void Worker::NoteDone(const Record& record) {
  if (next_.empty()) uncommitted_since_ = Clock::now();
  next_.Set(record.kafka_topic, record.partition, record.offset + 1);
  ++uncommitted_records_;
  uncommitted_bytes_ += record.value ? record.value->size() : 0;
  in_process_ = false;
}

bool Worker::CommitIsDue() const {
  if (next_.empty()) return false;
  return uncommitted_records_ >= refusals_.records_max() ||
         uncommitted_bytes_ >= options_.commit_bytes_max ||
         Clock::now() - uncommitted_since_ >= options_.commit_interval;
}

absl::Status Worker::Commit() {
  if (next_.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(sink_->Commit(*source_, next_));
  Forget();
  refusals_.Committed();
  backoff_ = options_.backoff_min;
  counters_->commits.Add(1);
  return absl::OkStatus();
}

void Worker::BeforeRevoke(Revocation revocation) {
  if (revocation == Revocation::kInOrder) {
    revoke_status_ = Commit();
    return;
  }
  // Another member may have them already: what it has not committed, it will do again.
  Forget();
  revoke_status_ = sink_->Abort();
}

absl::Status Worker::Recover(const absl::Status& failure, const std::stop_token& stop) {
  const bool is_refused = RefusalOf(failure) != Refusal::kNone;
  if (!is_refused && !absl::IsAborted(failure)) return failure;
  spdlog::warn("worker {}: {}; going back to the committed offsets", options_.task_id,
               std::string(failure.message()));
  counters_->rewinds.Add(1);
  if (is_refused) RETURN_IF_ERROR(NoteRefusal(failure));
  batch_.Clear();
  Forget();
  RETURN_IF_ERROR(Persist(&Sink::Abort, stop));
  RETURN_IF_ERROR(source_->Rewind());
  if (!is_refused) BackOff(stop);
  return absl::OkStatus();
}

absl::Status Worker::NoteRefusal(const absl::Status& failure) {
  return refusals_.Refused({.records = uncommitted_records_ + (in_process_ ? 1 : 0),
                            .last = place_,
                            .refusal = RefusalOf(failure),
                            .why = std::string(failure.message())});
}

absl::Status Worker::Persist(absl::Status (Sink::*call)(), const std::stop_token& stop) {
  for (;;) {
    absl::Status status = (sink_->*call)();
    if (!absl::IsAborted(status)) return status;
    if (stop.stop_requested()) return absl::OkStatus();
    spdlog::warn("worker {}: {}; trying again", options_.task_id, std::string(status.message()));
    BackOff(stop);
  }
}

// On the way out: what the last commit did not take, another member or the next process does.
absl::Status Worker::GiveUp(const absl::Status& failure) {
  const bool is_passing = absl::IsAborted(failure) || RefusalOf(failure) != Refusal::kNone;
  if (!is_passing) return failure;
  spdlog::warn("worker {}: {}; what was done since the last commit is given up", options_.task_id,
               std::string(failure.message()));
  Forget();
  const absl::Status aborted = sink_->Abort();
  return absl::IsAborted(aborted) ? absl::OkStatus() : aborted;
}

void Worker::Forget() {
  next_.Clear();
  in_process_ = false;
  uncommitted_records_ = 0;
  uncommitted_bytes_ = 0;
}

void Worker::BackOff(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, backoff_, [] { return false; });
  backoff_ = std::min(backoff_ * 2, options_.backoff_max);
}

}  // namespace tocsin
