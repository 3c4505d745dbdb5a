#include "tests/pipeline/delivery/model_kafka.h"

#include <algorithm>
#include <utility>

#include "rules/base/status_macros.h"
#include "tests/pipeline/fakes.h"

namespace tocsin {
namespace {

constexpr char kInput[] = "news.raw";
using Verdict = TransactionReply::Verdict;

TransactionReply Reply(Verdict verdict, const char* message) {
  return {.verdict = verdict, .message = message};
}

}  // namespace

void ModelKafka::Step() {
  if (!under_way_.empty() && OnceIn(4)) {
    const Request request = under_way_.back();
    under_way_.pop_back();
    bool is_known = false;
    EndTransaction(request.id, request.epoch, request.commit, &is_known);
  }
  if (other_) other_();
}

void ModelKafka::Join(const std::string& member) {
  members_.push_back(member);
  Rebalance();
}

void ModelKafka::Leave(const std::string& member) {
  std::erase(members_, member);
  Rebalance();
}

void ModelKafka::Rebalance() {
  ++generation_;
  owners_.clear();
  if (members_.empty()) return;
  // Sometimes the newest gets all: then the others have lost everything.
  const bool is_shared = OnceIn(2);
  for (size_t i = 0; i < input_.size(); ++i) {
    owners_[static_cast<int32_t>(i)] = is_shared ? members_[i % members_.size()] : members_.back();
  }
}

std::set<int32_t> ModelKafka::AssignedTo(const std::string& member) const {
  std::set<int32_t> partitions;
  for (const auto& [partition, owner] : owners_) {
    if (owner == member) partitions.insert(partition);
  }
  return partitions;
}

std::optional<int64_t> ModelKafka::Committed(int32_t partition) const {
  for (const auto& [id, coordinator] : coordinators_) {
    if (coordinator.is_open && coordinator.offsets.contains(partition)) return std::nullopt;
  }
  const auto at = committed_.find(partition);
  return at == committed_.end() ? 0 : at->second;
}

int ModelKafka::InitProducer(const std::string& id) {
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.is_open) End(&coordinator, /*commit=*/false);
  return ++coordinator.epoch;
}

bool ModelKafka::Produce(const std::string& id, int epoch, ModelEntry entry) {
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.epoch != epoch) return false;
  if (!std::exchange(coordinator.is_open, true)) coordinator.transaction = ++transactions_;
  entry.transaction = coordinator.transaction;
  coordinator.entries.push_back(log_.size());
  log_.push_back(std::move(entry));
  return true;
}

bool ModelKafka::SendOffsets(const std::string& id, int epoch, const Offsets& next) {
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.epoch != epoch) return false;
  if (!std::exchange(coordinator.is_open, true)) coordinator.transaction = ++transactions_;
  for (const PartitionOffset& each : next.entries()) {
    coordinator.offsets[each.partition] = each.offset;
  }
  return true;
}

bool ModelKafka::EndTransaction(const std::string& id, int epoch, bool commit, bool* is_known) {
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.epoch != epoch) return false;
  *is_known = coordinator.is_open || coordinator.ended_by_commit == commit;
  if (coordinator.is_open) End(&coordinator, commit);
  return true;
}

void ModelKafka::End(Coordinator* coordinator, bool commit) {
  for (const size_t entry : coordinator->entries) log_[entry].is_committed = commit;
  if (commit) {
    for (const auto& [partition, offset] : coordinator->offsets) committed_[partition] = offset;
  }
  coordinator->entries.clear();
  coordinator->offsets.clear();
  coordinator->is_open = false;
  coordinator->ended_by_commit = commit;
}

void ModelKafka::EndLater(const std::string& id, int epoch, bool commit) {
  under_way_.push_back({.id = id, .epoch = epoch, .commit = commit});
}

void ModelKafka::TimeOut(const std::string& id) {
  Coordinator& coordinator = coordinators_[id];
  if (!coordinator.is_open) return;
  End(&coordinator, /*commit=*/false);
  ++coordinator.epoch;
}

void ModelKafka::DeliverAll() {
  for (const Request& request : std::exchange(under_way_, {})) {
    bool is_known = false;
    EndTransaction(request.id, request.epoch, request.commit, &is_known);
  }
}

bool ModelKafka::Admits(const GroupMembership& membership) const {
  // A classic group lets anyone store offsets who claims to be nobody (ClassicGroup.java).
  if (membership.generation < 0 && membership.member_id.empty()) return true;
  return membership.generation == generation_ &&
         std::count(members_.begin(), members_.end(), membership.member_id) > 0;
}

bool ModelKafka::IsDone() const {
  for (size_t i = 0; i < input_.size(); ++i) {
    if (Committed(static_cast<int32_t>(i)) != static_cast<int64_t>(input_[i].size())) return false;
  }
  return true;
}

void ModelClient::Step() {
  if (*is_dead_) throw Killed();
  kafka_->Step();
  if (kafka_->OnceIn(60)) {
    *is_dead_ = true;
    throw Killed();
  }
}

TransactionReply ModelClient::Init() {
  Step();
  if (kafka_->OnceIn(8)) return Reply(Verdict::kAgain, "coordinator load in progress");
  epoch_ = kafka_->InitProducer(id_);
  if (kafka_->OnceIn(20)) return Reply(Verdict::kBroken, "the answer is lost");
  return {};
}

TransactionReply ModelClient::Begin() {
  Step();
  return {};
}

bool ModelClient::Produce(ModelEntry entry) {
  Step();
  return kafka_->Produce(id_, epoch_, std::move(entry));
}

TransactionReply ModelClient::SendOffsets(const Offsets& next, const GroupMembership& membership) {
  Step();
  if (kafka_->OnceIn(12)) return Reply(Verdict::kAgain, "not sent");
  if (kafka_->OnceIn(20)) return Reply(Verdict::kBroken, "not classified");
  if (!kafka_->Admits(membership)) return Reply(Verdict::kAbort, "illegal generation");
  if (!kafka_->SendOffsets(id_, epoch_, next)) return Reply(Verdict::kFenced, "old epoch");
  if (kafka_->OnceIn(12)) return Reply(Verdict::kAgain, "the answer is lost");
  if (kafka_->OnceIn(30)) return Reply(Verdict::kAbort, "abortable");
  Step();
  return {};
}

TransactionReply ModelClient::EndWith(bool commit) {
  Step();
  if (kafka_->OnceIn(8)) {  // the request is sent, and nobody knows where it is
    kafka_->EndLater(id_, epoch_, commit);
    is_disturbed_ = true;
    return Reply(kafka_->OnceIn(2) ? Verdict::kAgain : Verdict::kBroken, "timed out");
  }
  bool is_known = false;
  if (!kafka_->EndTransaction(id_, epoch_, commit, &is_known)) {
    return Reply(Verdict::kFenced, "old epoch");
  }
  if (kafka_->OnceIn(8)) {  // it arrived, and was sent again for want of an answer
    kafka_->EndLater(id_, epoch_, commit);
    is_disturbed_ = true;
    if (kafka_->OnceIn(2)) return Reply(Verdict::kBroken, "the answer is lost");
  }
  Step();
  return is_known ? TransactionReply{} : Reply(Verdict::kBroken, "invalid transaction state");
}

TransactionReply ModelClient::Replace() {
  Step();
  return {};
}

bool ModelClient::TakeDisturbance() { return std::exchange(is_disturbed_, false); }

ModelSource::ModelSource(ModelKafka* kafka, std::string member, int polls_max, bool* is_dead)
    : kafka_(kafka), member_(std::move(member)), polls_left_(polls_max), is_dead_(is_dead) {
  kafka_->Join(member_);
}

absl::Status ModelSource::Poll(std::chrono::milliseconds /*timeout*/, RecordBatch* batch) {
  batch->Clear();
  --polls_left_;
  on_poll_();
  kafka_->Step();
  FollowRebalance();
  if (assignment_.suspended()) SeekToCommitted();
  for (const auto& [partition, offset] : std::exchange(stale_, {})) {
    // Once it is ours again, librdkafka itself drops what it fetched for the earlier assignment.
    if (!position_.contains(partition)) Fetch(partition, offset, batch);
  }
  for (auto& [partition, position] : position_) {
    for (int count = kafka_->Below(4); count > 0; --count) Fetch(partition, position++, batch);
    position = std::min(position, static_cast<int64_t>(kafka_->input()[partition].size()));
  }
  return absl::OkStatus();
}

void ModelSource::Fetch(int32_t partition, int64_t offset, RecordBatch* batch) {
  const auto& values = kafka_->input()[partition];
  if (offset >= static_cast<int64_t>(values.size())) return;
  const Arrival arrival = assignment_.Judge(kInput, partition, offset);
  if (arrival == Arrival::kRefused || arrival == Arrival::kAdrift) return;
  assignment_.Take(kInput, partition, offset);
  const Record record{.kafka_topic = kInput,
                      .partition = partition,
                      .offset = offset,
                      .value = values[offset],
                      .timestamp_ms = partition * kOffsetsMax + offset};
  batch->Append(record, RecordBatch::Bytes(nullptr, [](void*) {}));
}

void ModelSource::FollowRebalance() {
  const std::set<int32_t> wanted = kafka_->AssignedTo(member_);
  if (generation_ != kafka_->generation()) {
    // A member that was away for too long learns late what it has lost.
    const bool is_lost = generation_ >= 0 && kafka_->OnceIn(2);
    if (!position_.empty() && on_revoke_) {
      on_revoke_(is_lost ? Revocation::kLost : Revocation::kInOrder);
    }
    for (const auto& [partition, position] : position_) {
      assignment_.Remove(kInput, partition);
      if (kafka_->OnceIn(3)) stale_[partition] = position;
    }
    position_.clear();
    generation_ = kafka_->generation();
  }
  for (const int32_t partition : wanted) {
    if (position_.contains(partition)) continue;
    const std::optional<int64_t> committed = kafka_->Committed(partition);
    if (!committed) continue;
    assignment_.Add(kInput, partition);
    assignment_.Seek(kInput, partition, *committed);
    position_[partition] = *committed;
  }
}

void ModelSource::SeekToCommitted() {
  std::map<int32_t, int64_t> target;
  for (const auto& [partition, position] : position_) {
    const std::optional<int64_t> committed = kafka_->Committed(partition);
    if (!committed || kafka_->OnceIn(10)) return;  // tried again with the next poll
    target[partition] = *committed;
  }
  for (const auto& [partition, offset] : target) {
    position_[partition] = offset;
    assignment_.Seek(kInput, partition, offset);
  }
  assignment_.Resume();
}

absl::Status ModelSource::CommitOffsets(const Offsets& /*next*/) {
  return absl::FailedPreconditionError("offsets are stored by the transaction alone");
}

absl::StatusOr<GroupMembership> ModelSource::Membership() {
  if (kafka_->OnceIn(30)) return GroupMembership{};  // membership lost a moment ago
  return GroupMembership{.generation = generation_, .member_id = member_, .metadata = ""};
}

absl::Status ModelSource::Rewind() {
  assignment_.Suspend();
  return absl::OkStatus();
}

bool ModelSource::exhausted() const { return polls_left_ <= 0 || kafka_->IsDone(); }

void ModelSource::Close() {
  if (std::exchange(is_closed_, true)) return;
  if (!*is_dead_ && on_revoke_) on_revoke_(Revocation::kInOrder);
  kafka_->Leave(member_);
}

absl::Status ModelSink::Publish(const OutputRecord& output) {
  const int64_t origin = output.timestamp_ms;
  return Take({.kafka_topic = output.kafka_topic,
               .partition = static_cast<int32_t>(origin / kOffsetsMax),
               .offset = origin % kOffsetsMax,
               .value = output.value.value_or(""),
               .transaction = 0});
}

absl::Status ModelSink::PublishDeadLetter(const Record& origin, const DeadLetter& why) {
  return Take({.kafka_topic = "dead",
               .partition = origin.partition,
               .offset = origin.offset,
               .value = why.is_pointer ? "pointer" : "letter",
               .transaction = 0});
}

absl::Status ModelSink::Take(ModelEntry entry) {
  RETURN_IF_ERROR(transaction_.Begin());
  if (entry.value.find(R"("size":"oversized")") != std::string::npos) {
    failure_ = absl::ResourceExhaustedError("too large");
    return absl::OkStatus();
  }
  if (entry.value.find("futuristic") != std::string::npos) {
    failure_ = absl::InvalidArgumentError("timestamp");
    return absl::OkStatus();
  }
  if (!client_.Produce(std::move(entry))) failure_ = absl::AbortedError("old epoch");
  return absl::OkStatus();
}

absl::Status ModelSink::Commit(Source& source, const Offsets& next) {
  RETURN_IF_ERROR(failure_);
  ASSIGN_OR_RETURN(const GroupMembership membership, source.Membership());
  return transaction_.Commit(next, membership);
}

absl::Status ModelSink::Abort() {
  RETURN_IF_ERROR(transaction_.Abort());
  failure_ = absl::OkStatus();
  return absl::OkStatus();
}

}  // namespace tocsin
