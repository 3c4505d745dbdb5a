#include "pipeline/publish/transactional_producer.h"

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace tocsin {
namespace {

using Verdict = TransactionReply::Verdict;

constexpr int kInitTimeoutMs = 5'000;
// librdkafka's own: the transaction's timeout. Any other leaves its state and the broker's apart.
constexpr int kTimeoutMs = -1;
constexpr auto kSlow = std::chrono::seconds(5);

Verdict VerdictOf(const rd_kafka_error_t& error) {
  switch (rd_kafka_error_code(&error)) {
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
      return Verdict::kFenced;
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return Verdict::kDenied;
    default:
      break;
  }
  if (rd_kafka_error_is_fatal(&error) != 0) return Verdict::kBroken;
  if (rd_kafka_error_is_retriable(&error) != 0) return Verdict::kAgain;
  if (rd_kafka_error_txn_requires_abort(&error) != 0) return Verdict::kAbort;
  return Verdict::kBroken;
}

TransactionReply ReplyOf(const broker::Error& error) {
  if (error == nullptr) return {};
  if (rd_kafka_error_code(error.get()) == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED) {
    return {.verdict = Verdict::kDenied,
            .message = fmt::format("{}; grant our principal DESCRIBE and WRITE on it",
                                   rd_kafka_error_string(error.get()))};
  }
  return {.verdict = VerdictOf(*error), .message = rd_kafka_error_string(error.get())};
}

}  // namespace

TransactionReply TransactionalProducer::Init() {
  TransactionReply reply =
      ReplyOf(broker::Error(rd_kafka_init_transactions(producer_->client(), kInitTimeoutMs)));
  if (reply.verdict == Verdict::kAgain && producer_->authentication_failed()) {
    reply.verdict = Verdict::kUnauthenticated;
    reply.message = "the Kafka brokers refuse our credentials";
  }
  return reply;
}

TransactionReply TransactionalProducer::Begin() {
  return ReplyOf(broker::Error(rd_kafka_begin_transaction(producer_->client())));
}

TransactionReply TransactionalProducer::SendOffsets(const Offsets& next,
                                                    const GroupMembership& membership) {
  rd_kafka_consumer_group_metadata_t* read = nullptr;
  TransactionReply reply = ReplyOf(broker::Error(rd_kafka_consumer_group_metadata_read(
      &read, membership.metadata.data(), membership.metadata.size())));
  const broker::GroupMetadata metadata(read);
  if (reply.verdict != Verdict::kDone) return reply;
  const broker::PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(next.entries().size())));
  for (const PartitionOffset& each : next.entries()) {
    rd_kafka_topic_partition_list_add(partitions.get(), each.kafka_topic.c_str(), each.partition)
        ->offset = each.offset;
  }
  return ReplyOf(broker::Error(rd_kafka_send_offsets_to_transaction(
      producer_->client(), partitions.get(), metadata.get(), kTimeoutMs)));
}

TransactionReply TransactionalProducer::End() {
  const auto began = std::chrono::steady_clock::now();
  TransactionReply reply =
      ReplyOf(broker::Error(rd_kafka_commit_transaction(producer_->client(), kTimeoutMs)));
  was_slow_ = was_slow_ || std::chrono::steady_clock::now() - began > kSlow;
  return reply;
}

TransactionReply TransactionalProducer::Abort() {
  return ReplyOf(broker::Error(rd_kafka_abort_transaction(producer_->client(), kTimeoutMs)));
}

TransactionReply TransactionalProducer::Replace() {
  const absl::Status status = producer_->Reconnect();
  if (status.ok()) return {};
  return {.verdict = Verdict::kBroken, .message = std::string(status.message())};
}

bool TransactionalProducer::IsDenied() const {
  const broker::Error error = producer_->TransactionError();
  return rd_kafka_error_code(error.get()) == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}

bool TransactionalProducer::TakeDisturbance() {
  const bool is_disturbed = producer_->TakeDisturbance();
  return std::exchange(was_slow_, false) || is_disturbed;
}

}  // namespace tocsin
