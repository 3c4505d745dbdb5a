// A Kafka in memory for one worker: what it reads, what it publishes, what it commits, and what
// fails.
//
//   FakeKafka kafka({{0, "{...}"}, {1, "{...}"}});
//   kafka.fail = {LoopStep::kAcknowledge};        // the first time it comes to that
//   FakeSource source(&kafka);
//   FakeSink sink(&kafka);
//
// Shape     every step that a crash or an error can hit takes the next of `fail` that names it.
#ifndef TOCSIN_TESTS_PIPELINE_FAKES_H_
#define TOCSIN_TESTS_PIPELINE_FAKES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/consume/source.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

enum class LoopStep : uint8_t {
  kPoll,
  kPublish,
  kAcknowledge,
  kCommitOffsets,
  kAfterCommitOffsets
};

// A record's timestamp tells where it came from; outputs keep it.
constexpr int64_t kOffsetsMax = 1'000'000;

struct FakeRecord {
  int32_t partition;
  std::optional<std::string> value;
};

// Where a published record came from, and what it is.
struct Trace {
  int32_t partition;
  int64_t offset;
  std::string what;  // Kafka topic, or "stage reason" of a dead letter
  friend auto operator<=>(const Trace&, const Trace&) = default;
};

struct FakeKafka {
  explicit FakeKafka(std::vector<FakeRecord> all) {
    for (FakeRecord& record : all) log[record.partition].push_back(std::move(record.value));
  }

  // Takes the failure if this step is to fail now.
  bool Fails(LoopStep step) {
    if (fail.empty() || fail.front() != step) return false;
    fail.erase(fail.begin());
    return true;
  }

  std::set<Trace> Acknowledged() const { return {acknowledged.begin(), acknowledged.end()}; }

  std::map<int32_t, std::vector<std::optional<std::string>>> log;
  std::map<int32_t, int64_t> committed;
  std::vector<Trace> unacknowledged;
  std::vector<Trace> acknowledged;
  std::vector<LoopStep> fail;         // in this order
  size_t value_bytes_max = SIZE_MAX;  // of a record that is taken
  bool corked = false;                // while corked, nothing published is acknowledged
};

class FakeSource final : public Source {
 public:
  explicit FakeSource(FakeKafka* kafka, size_t batch_max = 3)
      : kafka_(kafka), batch_max_(batch_max) {
    for (const auto& [partition, values] : kafka_->log)
      position_[partition] = kafka_->committed[partition];
  }

  void OnRevoke(RevokeHandler handler) override { on_revoke_ = std::move(handler); }

  absl::Status Poll(std::chrono::milliseconds /*timeout*/, RecordBatch* batch) override {
    batch->Clear();
    if (kafka_->Fails(LoopStep::kPoll)) return absl::InternalError("poll failed");
    if (revocation_ && polls_++ == polls_before_revoke_) on_revoke_(*revocation_);
    for (auto& [partition, position] : position_) {
      const auto& values = kafka_->log[partition];
      while (position < static_cast<int64_t>(values.size()) &&
             batch->records().size() < batch_max_) {
        const auto& value = values[position];
        Record record{.kafka_topic = "news.raw",
                      .partition = partition,
                      .offset = position,
                      .timestamp_ms = partition * kOffsetsMax + position};
        ++position;
        if (value) record.value = *value;
        batch->Append(record, RecordBatch::Bytes(nullptr, [](void*) {}));
      }
    }
    return absl::OkStatus();
  }

  absl::Status CommitOffsets(const Offsets& next) override {
    if (kafka_->Fails(LoopStep::kCommitOffsets)) return absl::AbortedError("offsets not stored");
    EXPECT_TRUE(kafka_->unacknowledged.empty()) << "offsets committed before acknowledgements";
    for (const PartitionOffset& each : next.entries()) {
      EXPECT_GE(each.offset, kafka_->committed[each.partition]) << "offsets went back";
      kafka_->committed[each.partition] = each.offset;
    }
    if (kafka_->Fails(LoopStep::kAfterCommitOffsets)) return absl::AbortedError("outcome unknown");
    return absl::OkStatus();
  }

  absl::StatusOr<GroupMembership> Membership() override {
    return GroupMembership{.generation = 1, .member_id = "fake", .metadata = ""};
  }

  absl::Status Rewind() override {
    for (auto& [partition, position] : position_) position = kafka_->committed[partition];
    ++rewinds_;
    return absl::OkStatus();
  }

  bool exhausted() const override {
    if (endless_) return false;
    return std::all_of(position_.begin(), position_.end(), [&](const auto& each) {
      return each.second == static_cast<int64_t>(kafka_->log[each.first].size());
    });
  }

  // Partitions are given up in order, as by a consumer that leaves its group.
  void Close() override {
    if (!closed_ && on_revoke_) on_revoke_(Revocation::kInOrder);
    closed_ = true;
  }

  void RevokeAfterPolls(int polls, Revocation revocation) {
    polls_before_revoke_ = polls;
    revocation_ = revocation;
  }
  void MakeEndless() { endless_ = true; }
  int rewinds() const { return rewinds_; }
  bool closed() const { return closed_; }

 private:
  FakeKafka* kafka_;
  size_t batch_max_;
  std::map<int32_t, int64_t> position_;
  RevokeHandler on_revoke_;
  std::optional<Revocation> revocation_;
  int polls_ = 0;
  int polls_before_revoke_ = 0;
  int rewinds_ = 0;
  bool endless_ = false;
  bool closed_ = false;
};

class FakeSink final : public Sink {
 public:
  explicit FakeSink(FakeKafka* kafka) : kafka_(kafka) {}

  absl::Status Prepare() override { return absl::OkStatus(); }

  absl::Status Publish(const OutputRecord& output) override {
    if (output.value && output.value->size() > kafka_->value_bytes_max) {
      return absl::OutOfRangeError("too large for us");
    }
    return Take({static_cast<int32_t>(output.timestamp_ms / kOffsetsMax),
                 output.timestamp_ms % kOffsetsMax, output.kafka_topic});
  }

  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override {
    const bool is_large = origin.value && origin.value->size() > kafka_->value_bytes_max;
    if (is_large && !why.is_pointer) return absl::OutOfRangeError("too large for us");
    return Take({origin.partition, origin.offset,
                 std::string(why.is_pointer ? "pointer " : "") + std::string(why.stage) + " " +
                     why.reason});
  }

  absl::Status Commit(Source& source, const Offsets& next) override {
    if (kafka_->corked || kafka_->Fails(LoopStep::kAcknowledge)) {
      return absl::AbortedError("not acknowledged");
    }
    std::move(kafka_->unacknowledged.begin(), kafka_->unacknowledged.end(),
              std::back_inserter(kafka_->acknowledged));
    kafka_->unacknowledged.clear();
    return source.CommitOffsets(next);
  }

  absl::Status Abort() override {
    kafka_->unacknowledged.clear();
    return absl::OkStatus();
  }

 private:
  absl::Status Take(Trace trace) {
    if (kafka_->Fails(LoopStep::kPublish)) return absl::AbortedError("not published");
    kafka_->unacknowledged.push_back(std::move(trace));
    return absl::OkStatus();
  }

  FakeKafka* kafka_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_PIPELINE_FAKES_H_
