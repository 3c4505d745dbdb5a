// Kafka's half of the transaction protocol, in memory, and every way in which it can go wrong,
// drawn from a seed.
//
//   ModelKafka kafka(seed, {{kTruce, kNothing}, {kBoth}});
//   ModelClient client(&kafka, "tocsin.a.0");       // what a Transaction is driven through
//   ModelSource source(&kafka, "a");
//
// Shape     a group with generations, whose offsets a member stores in a transaction; a coordinator
//           with epochs; requests that arrive twice, or long after their sender gave up on them
//           (KAFKA-17754: an EndTxn names no transaction, so it ends whichever is open then).
//           As in Kafka, any member may store offsets of any partition, and offsets that an open
//           transaction holds are not handed out.
// Errors    Killed is thrown where a process dies; it unwinds through the code under test, and
//           nothing that its dead member does on the way counts.
#ifndef TOCSIN_TESTS_PIPELINE_DELIVERY_MODEL_KAFKA_H_
#define TOCSIN_TESTS_PIPELINE_DELIVERY_MODEL_KAFKA_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "pipeline/consume/assignment.h"
#include "pipeline/consume/source.h"
#include "pipeline/publish/sink.h"
#include "pipeline/publish/transaction.h"

namespace tocsin {

struct Killed {};

struct ModelEntry {
  std::string kafka_topic;
  int32_t partition;  // where its origin stood
  int64_t offset;
  std::string value;
  int transaction;
  bool is_committed = false;
};

class ModelKafka {
 public:
  using Values = std::vector<std::string>;

  ModelKafka(uint64_t seed, std::vector<Values> input) : random_(seed), input_(std::move(input)) {}

  // Whether something that happens once in `n` times happens now; never once calm.
  bool OnceIn(int n) { return !is_calm_ && Below(n) == 0; }
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  void CalmDown() { is_calm_ = true; }

  // Called at every step, by whoever takes it: other processes get their turn here.
  void Step();
  void OnStep(std::function<void()> other) { other_ = std::move(other); }

  // Group
  void Join(const std::string& member);
  void Leave(const std::string& member);
  int generation() const { return generation_; }
  std::set<int32_t> AssignedTo(const std::string& member) const;
  // None while an open transaction holds the partition's offset.
  std::optional<int64_t> Committed(int32_t partition) const;

  // Coordinator; false: the sender's epoch is an old one.
  int InitProducer(const std::string& id);
  bool Produce(const std::string& id, int epoch, ModelEntry entry);
  bool SendOffsets(const std::string& id, int epoch, const Offsets& next);
  // Ends what is open; `is_known` tells whether anything was, or the same end came before.
  bool EndTransaction(const std::string& id, int epoch, bool commit, bool* is_known);
  void EndLater(const std::string& id, int epoch, bool commit);
  void TimeOut(const std::string& id);  // the coordinator aborts, and fences the producer
  void DeliverAll();

  bool Admits(const GroupMembership& membership) const;
  bool IsDone() const;
  const std::vector<Values>& input() const { return input_; }
  const std::vector<ModelEntry>& log() const { return log_; }

 private:
  struct Coordinator {
    int epoch = -1;
    bool is_open = false;
    bool ended_by_commit = false;
    int transaction = 0;
    std::vector<size_t> entries;
    std::map<int32_t, int64_t> offsets;
  };
  struct Request {
    std::string id;
    int epoch;
    bool commit;
  };

  void End(Coordinator* coordinator, bool commit);
  void Rebalance();

  std::mt19937_64 random_;
  bool is_calm_ = false;
  std::vector<Values> input_;
  std::vector<ModelEntry> log_;
  std::map<int32_t, int64_t> committed_;
  std::map<std::string, Coordinator> coordinators_;
  int transactions_ = 0;
  std::vector<Request> under_way_;
  int generation_ = 0;
  std::vector<std::string> members_;
  std::map<int32_t, std::string> owners_;
  std::function<void()> other_;
};

// A producer with a transactional id.
class ModelClient final : public TransactionClient {
 public:
  ModelClient(ModelKafka* kafka, std::string id, bool* is_dead)
      : kafka_(kafka), id_(std::move(id)), is_dead_(is_dead) {}

  TransactionReply Init() override;
  TransactionReply Begin() override;
  TransactionReply SendOffsets(const Offsets& next, const GroupMembership& membership) override;
  TransactionReply End() override { return EndWith(/*commit=*/true); }
  TransactionReply Abort() override { return EndWith(/*commit=*/false); }
  TransactionReply Replace() override;
  bool TakeDisturbance() override;

  bool Produce(ModelEntry entry);

 private:
  TransactionReply EndWith(bool commit);
  void Step();  // others run, or this process dies

  ModelKafka* kafka_;
  std::string id_;
  bool* is_dead_;
  int epoch_ = -1;
  bool is_disturbed_ = false;
};

// A member of the group.
class ModelSource final : public Source {
 public:
  // Ends, as if stopped, after so many polls.
  ModelSource(ModelKafka* kafka, std::string member, int polls_max, bool* is_dead);
  ~ModelSource() override { Close(); }

  void OnPoll(std::function<void()> call) { on_poll_ = std::move(call); }

  void OnRevoke(RevokeHandler handler) override { on_revoke_ = std::move(handler); }
  absl::Status Poll(std::chrono::milliseconds timeout, RecordBatch* batch) override;
  absl::Status CommitOffsets(const Offsets& next) override;
  absl::StatusOr<GroupMembership> Membership() override;
  absl::Status Rewind() override;
  bool exhausted() const override;
  void Close() override;

 private:
  void SeekToCommitted();
  void FollowRebalance();
  void Fetch(int32_t partition, int64_t offset, RecordBatch* batch);

  ModelKafka* kafka_;
  std::string member_;
  int polls_left_;
  bool* is_dead_;
  RevokeHandler on_revoke_;
  std::function<void()> on_poll_ = [] {};
  int generation_ = -1;
  Assignment assignment_;
  std::map<int32_t, int64_t> position_;  // of the next fetch
  std::map<int32_t, int64_t> stale_;     // fetched before the partition was taken away
  bool is_closed_ = false;
};

// ExactlyOnceSink over the model: some records are refused by the broker.
class ModelSink final : public Sink {
 public:
  ModelSink(ModelKafka* kafka, const std::string& id, bool* is_dead)
      : client_(kafka, id, is_dead), transaction_(&client_, id) {}

  absl::Status Prepare() override { return transaction_.Prepare(); }
  absl::Status Publish(const OutputRecord& output) override;
  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override;
  absl::Status Commit(Source& source, const Offsets& next) override;
  absl::Status Abort() override;

 private:
  absl::Status Take(ModelEntry entry);

  ModelClient client_;
  Transaction transaction_;
  absl::Status failure_;  // of a delivery, shown by the flush
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_PIPELINE_DELIVERY_MODEL_KAFKA_H_
