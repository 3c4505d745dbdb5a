#include "pipeline/worker.h"

#include <absl/cleanup/cleanup.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

// A value was written by librdkafka's thread, mostly on another core, and the parser would wait for it
// line by line. Only some dozens of lines can be under way at once: its beginning is asked for before
// the record before it is processed, the rest after that one.
constexpr size_t kBeginningBytes = 2 << 10;
constexpr size_t kPrefetchedBytesMax = 6 << 10;

void Prefetch(const std::optional<std::string_view>& value, size_t begin, size_t end) {
  constexpr size_t kCacheLine = 64;
  if (!value) return;
  end = std::min(end, value->size());
  for (size_t at = begin; at < end; at += kCacheLine) __builtin_prefetch(value->data() + at);
}

}  // namespace

Worker::Worker(const WorkerOptions& options, Source* source, Sink* sink,
               std::unique_ptr<Handler> handler, Counters* counters)
    : options_(options),
      source_(source),
      sink_(sink),
      counters_(counters),
      handler_(std::move(handler)),
      meter_(counters),
      refusals_(options.commit_records_max),
      backoff_(options.backoff_min) {
  source_->OnRevoke([this](Revocation revocation) { BeforeRevoke(revocation); });
}

Worker::~Worker() { source_->OnRevoke(nullptr); }

absl::Status Worker::Run(const std::stop_token& stop) {
  const absl::Cleanup leave = [this] {
    batch_.Clear();
    source_->Close();
    counters_->is_running.Set(0);
  };
  counters_->is_running.Set(1);
  RETURN_IF_ERROR(Persist(&Sink::Prepare, stop));
  for (;;) {
    while (!stop.stop_requested() && !source_->exhausted()) {
      const absl::Status status = Step();
      if (!status.ok()) RETURN_IF_ERROR(Recover(status, stop));
    }
    const absl::Status status = Commit();
    if (status.ok()) return absl::OkStatus();
    if (stop.stop_requested()) return GiveUp(status);
    RETURN_IF_ERROR(Recover(status, stop));
  }
}

absl::Status Worker::Step() {
  counters_->turns.Add(1);
  meter_.Enter(Stage::kConsume);
  RETURN_IF_ERROR(source_->Poll(options_.poll_timeout, &batch_));
  meter_.Polled(batch_);
  RETURN_IF_ERROR(std::exchange(revoke_status_, absl::OkStatus()));
  if (next_.empty()) handler_->BetweenCommits();
  const std::span<const Record> records = batch_.records();
  for (size_t i = 0; i < records.size(); ++i) {
    const bool is_last = i + 1 == records.size();
    if (!is_last) Prefetch(records[i + 1].value, 0, kBeginningBytes);
    RETURN_IF_ERROR(Process(records[i]));
    if (!is_last) Prefetch(records[i + 1].value, kBeginningBytes, kPrefetchedBytesMax);
    // Not after the batch alone: slow articles must not outlast the transaction.
    if (CommitIsDue()) {
      RETURN_IF_ERROR(Commit());
      handler_->BetweenCommits();
    }
  }
  // So that others of the group, and the next run, know that nothing is left before it.
  for (const PartitionOffset& end : batch_.ends()) {
    if (next_.empty()) uncommitted_since_ = Clock::now();
    next_.Set(end.kafka_topic, end.partition, end.offset);
  }
  return CommitIsDue() ? Commit() : absl::OkStatus();
}

absl::Status Worker::Process(const Record& record) {
  place_.kafka_topic = record.kafka_topic;
  place_.partition = record.partition;
  place_.offset = record.offset;
  in_process_ = true;
  counters_->turns.Add(1);
  meter_.Taken(record);
  RETURN_IF_ERROR(
      handler_->Handle(record, refusals_.RemedyFor(record), refusals_.WhyRefused(record)));
  NoteDone(record);
  return absl::OkStatus();
}

void Worker::NoteDone(const Record& record) {
  if (next_.empty()) uncommitted_since_ = Clock::now();
  next_.Set(record.kafka_topic, record.partition, record.offset + 1);
  ++uncommitted_records_;
  uncommitted_bytes_ += record.value ? record.value->size() : 0;
  in_process_ = false;
  meter_.Done(record);
}

bool Worker::CommitIsDue() const {
  if (next_.empty()) return false;
  return uncommitted_records_ >= refusals_.records_max() ||
         uncommitted_bytes_ >= options_.commit_bytes_max ||
         Clock::now() - uncommitted_since_ >= options_.commit_interval;
}

absl::Status Worker::Commit() {
  if (next_.empty()) return absl::OkStatus();
  meter_.Enter(Stage::kCommit);
  RETURN_IF_ERROR(sink_->Commit(*source_, next_));
  meter_.Committed(next_, uncommitted_records_);
  handler_->Committed();
  refusals_.Committed(next_);
  Forget();
  backoff_ = options_.backoff_min;
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
  if (!is_refused && !absl::IsAborted(failure)) {
    // What was done before the record is committed when partitions are given up; half of it is not.
    if (in_process_ && handler_->IsHalfDone()) Forget();
    return failure;
  }
  spdlog::warn("worker {}: {}; going back to the committed offsets", options_.task_id,
               std::string(failure.message()));
  meter_.Failed();
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
    counters_->turns.Add(1);
    meter_.Enter(Stage::kRecover);
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
  handler_->Forgotten();
  meter_.Forgotten();
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
