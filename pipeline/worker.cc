#include "pipeline/worker.h"

#include <absl/cleanup/cleanup.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

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
      backoff_(options.backoff_min) {
  source_->OnRevoke([this](Revocation revocation) { BeforeRevoke(revocation); });
}

Worker::~Worker() { source_->OnRevoke(nullptr); }

absl::Status Worker::Run(const std::stop_token& stop) {
  const absl::Cleanup leave = [this] {
    batch_.Clear();
    source_->Close();
  };
  for (;;) {
    while (!stop.stop_requested() && !source_->exhausted()) {
      const absl::Status status = Step();
      if (!status.ok()) RETURN_IF_ERROR(Recover(status, stop));
    }
    absl::Status status = Commit();
    if (status.ok() || stop.stop_requested()) return status;
    RETURN_IF_ERROR(Recover(status, stop));
  }
}

absl::Status Worker::Step() {
  RETURN_IF_ERROR(source_->Poll(options_.poll_timeout, &batch_));
  RETURN_IF_ERROR(std::exchange(revoke_status_, absl::OkStatus()));
  for (const Record& record : batch_.records()) RETURN_IF_ERROR(Process(record));
  if (CommitDue()) RETURN_IF_ERROR(Commit());
  return absl::OkStatus();
}

absl::Status Worker::Process(const Record& record) {
  counters_->consumed.Add(1);
  if (record.value) {
    counters_->consumed_bytes.Add(record.value->size());
    RETURN_IF_ERROR(Publish(record, *record.value));
  } else {
    counters_->tombstones.Add(1);
  }
  NoteDone(record);
  return absl::OkStatus();
}

absl::Status Worker::Publish(const Record& record, std::string_view json) {
  const absl::StatusOr<const Article*> article = decoder_.Decode(json);
  if (!article.ok()) {
    return PublishDeadLetter(record, "decode", std::string(ReasonName(ReasonOf(article.status()))),
                             article.status());
  }
  const uint64_t surrogates = decoder_.surrogates_replaced();
  counters_->surrogates_replaced.Add(surrogates - std::exchange(surrogates_seen_, surrogates));

  const absl::Status matched = matcher_.Match(**article, &matches_);
  if (!matched.ok()) return PublishDeadLetter(record, "match", "scan_failed", matched);

  outputs_.clear();
  encoder_.Encode(record, **article, matches_, &outputs_);
  for (const OutputRecord& output : outputs_) RETURN_IF_ERROR(sink_->Publish(record, output));
  return absl::OkStatus();
}

absl::Status Worker::PublishDeadLetter(const Record& record, std::string_view stage,
                                       std::string reason, const absl::Status& why) {
  return sink_->PublishDeadLetter(record, {.stage = stage,
                                           .reason = std::move(reason),
                                           .message = std::string(why.message()),
                                           .task_id = options_.task_id});
}

void Worker::NoteDone(const Record& record) {
  if (next_.empty()) uncommitted_since_ = Clock::now();
  next_.Set(record.kafka_topic, record.partition, record.offset + 1);
  ++uncommitted_records_;
  uncommitted_bytes_ += record.value ? record.value->size() : 0;
}

bool Worker::CommitDue() const {
  if (next_.empty()) return false;
  return uncommitted_records_ >= options_.commit_records_max ||
         uncommitted_bytes_ >= options_.commit_bytes_max ||
         Clock::now() - uncommitted_since_ >= options_.commit_interval;
}

absl::Status Worker::Commit() {
  if (next_.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(sink_->Commit(*source_, next_));
  Forget();
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
  if (!absl::IsAborted(failure)) return failure;
  spdlog::warn("worker {}: {}; going back to the committed offsets", options_.task_id,
               std::string(failure.message()));
  counters_->rewinds.Add(1);
  batch_.Clear();
  Forget();
  RETURN_IF_ERROR(sink_->Abort());
  RETURN_IF_ERROR(source_->Rewind());
  BackOff(stop);
  return absl::OkStatus();
}

void Worker::Forget() {
  next_.Clear();
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
