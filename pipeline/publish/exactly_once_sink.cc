#include "pipeline/publish/exactly_once_sink.h"

#include <optional>
#include <string>
#include <utility>

#include "pipeline/fault_points.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

// Each output partition costs a transaction a request, and librdkafka up to a millisecond of spinning; partitions that
// are touched at once share them. So outputs wait for the commit, up to this much of them.
constexpr size_t kHeldBytesMax = size_t{1} << 20;

size_t SizeOf(const std::optional<std::string>& bytes) { return bytes ? bytes->size() : 0; }

// At least what librdkafka takes it for.
size_t SizeOf(const OutputRecord& output) {
  constexpr size_t kOverhead = 128;  // of a record
  constexpr size_t kLengths = 10;    // of a header's name and value
  size_t bytes = kOverhead + SizeOf(output.key) + SizeOf(output.value);
  for (const OutputHeader& header : output.headers) {
    bytes += kLengths + header.name.size() + SizeOf(header.value);
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExactlyOnceSink>> ExactlyOnceSink::Connect(
    ProducerOptions options, std::string dead_letter_kafka_topic, Counters* counters) {
  const std::string id = options.transactional_id;
  ASSIGN_OR_RETURN(auto producer, Producer::Connect(std::move(options), counters));
  return std::unique_ptr<ExactlyOnceSink>(
      new ExactlyOnceSink(std::move(producer), id, std::move(dead_letter_kafka_topic), counters));
}

ExactlyOnceSink::ExactlyOnceSink(std::unique_ptr<Producer> producer,
                                 const std::string& transactional_id,
                                 std::string dead_letter_kafka_topic, Counters* counters)
    : producer_(std::move(producer)),
      client_(producer_.get()),
      transaction_(&client_, transactional_id),
      dead_letter_kafka_topic_(std::move(dead_letter_kafka_topic)),
      counters_(counters) {}

absl::Status ExactlyOnceSink::Publish(const OutputRecord& output) {
  const size_t bytes = SizeOf(output);
  if (is_holding_ && bytes <= producer_->record_bytes_max() &&
      held_bytes_ + bytes <= kHeldBytesMax) {
    held_bytes_ += bytes;
    held_.push_back(output);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(PublishHeld());
  is_holding_ = false;
  return PublishNow(output);
}

absl::Status ExactlyOnceSink::PublishHeld() {
  for (const OutputRecord& output : held_) RETURN_IF_ERROR(PublishNow(output));
  DropHeld();
  return absl::OkStatus();
}

void ExactlyOnceSink::DropHeld() {
  held_.clear();
  held_bytes_ = 0;
}

absl::Status ExactlyOnceSink::PublishNow(const OutputRecord& output) {
  RETURN_IF_ERROR(transaction_.Begin());
  is_begun_ = true;
  RETURN_IF_ERROR(Explain(producer_->Publish(output)));
  fault::Reach(fault::Point::kProduce);
  return absl::OkStatus();
}

absl::Status ExactlyOnceSink::Explain(const absl::Status& failure) const {
  const bool is_open = transaction_.state() == Transaction::State::kOpen;
  if (!absl::IsAborted(failure) || !is_open || !client_.IsDenied()) return failure;
  return producer_->Denied("the Kafka brokers refuse what we publish");
}

absl::Status ExactlyOnceSink::PublishDeadLetter(const Record& origin, const DeadLetter& why) {
  LogDeadLetter(origin, why);
  return Publish(EncodeDeadLetter(origin, why, dead_letter_kafka_topic_));
}

absl::Status ExactlyOnceSink::Commit(Source& source, const Offsets& next) {
  RETURN_IF_ERROR(PublishHeld());
  // Before the end is asked for, so that a record the broker refuses is told from a doubtful end.
  RETURN_IF_ERROR(Explain(producer_->Flush()));
  ASSIGN_OR_RETURN(const GroupMembership membership, source.Membership());
  is_begun_ = true;
  RETURN_IF_ERROR(transaction_.Commit(next, membership));
  is_begun_ = false;
  is_holding_ = true;
  counters_->transactions_committed.Add(1);
  return absl::OkStatus();
}

absl::Status ExactlyOnceSink::Abort() {
  DropHeld();
  is_holding_ = true;
  // A refused batch has used up sequence numbers that the broker never saw: with 2.0.2 the next
  // transaction would fail for it, too.
  if (producer_->has_refusal()) transaction_.Distrust();
  RETURN_IF_ERROR(transaction_.Abort());
  if (std::exchange(is_begun_, false)) counters_->transactions_aborted.Add(1);
  producer_->ForgetFailures();
  return absl::OkStatus();
}

}  // namespace tocsin
