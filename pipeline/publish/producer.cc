#include "pipeline/publish/producer.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int kQueueFullWaitMs = 50;
constexpr int kFlushWaitMs = 100;
constexpr size_t kErrorBytes = 512;

// The broker's no to this record, which no repetition will turn into a yes.
Refusal RefusalOf(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
      return Refusal::kTooLarge;
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
      return Refusal::kInvalid;
    default:
      return Refusal::kNone;
  }
}

bool IsDenial(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
         code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}

std::string Describe(std::string_view kafka_topic, rd_kafka_resp_err_t code) {
  const bool is_missing =
      code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  return fmt::format("Kafka topic {}: {}{}", kafka_topic, rd_kafka_err2str(code),
                     is_missing ? "; create it, nothing goes on without it" : "");
}

const void* DataOrNull(const std::optional<std::string>& bytes) {
  return bytes ? bytes->data() : nullptr;
}

size_t SizeOf(const std::optional<std::string>& bytes) { return bytes ? bytes->size() : 0; }

broker::Headers MakeHeaders(const OutputRecord& output) {
  broker::Headers headers(rd_kafka_headers_new(output.headers.size()));
  for (const OutputHeader& header : output.headers) {
    rd_kafka_header_add(headers.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
                        DataOrNull(header.value), static_cast<ssize_t>(SizeOf(header.value)));
  }
  return headers;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Producer>> Producer::Connect(ProducerOptions options,
                                                            Counters* counters) {
  std::unique_ptr<Producer> producer(new Producer(std::move(options), counters));
  RETURN_IF_ERROR(producer->Reconnect());
  return producer;
}

absl::Status Producer::Reconnect() {
  known_topics_.clear();
  if (client_ != nullptr) {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    client_.reset();
    counters_->producers_replaced.Add(1);
  }
  ForgetFailures();
  ASSIGN_OR_RETURN(broker::Conf conf,
                   broker::ProducerConf(options_.client, options_.transactional_id));
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), &HandleDelivery);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  rd_kafka_conf_set_socket_cb(conf.get(), &HandleOpen);
  rd_kafka_conf_set_closesocket_cb(conf.get(), &HandleClose);
  ASSIGN_OR_RETURN(client_, broker::Connect(RD_KAFKA_PRODUCER, std::move(conf)));
  record_bytes_max_ = broker::NumberOf(client_.get(), "message.max.bytes");
  // Before 2.10.1 a topic first heard of with a record keeps it waiting for up to a second
  // (LRK#5032).
  for (const std::string& kafka_topic : options_.kafka_topics) {
    known_topics_.emplace_back(rd_kafka_topic_new(client_.get(), kafka_topic.c_str(), nullptr));
  }
  return absl::OkStatus();
}

absl::Status Producer::Publish(const OutputRecord& output) {
  rd_kafka_poll(client_.get(), 0);
  if (failed_ > 0) return Failure();  // sooner than the commit would find out
  was_acknowledged_.try_emplace(output.kafka_topic, false);
  RETURN_IF_ERROR(Enqueue(output));
  counters_->published.Add({output.kafka_topic}, 1);
  counters_->published_bytes.Add({output.kafka_topic}, SizeOf(output.key) + SizeOf(output.value));
  NoteQueue();
  return absl::OkStatus();
}

absl::Status Producer::Enqueue(const OutputRecord& output) {
  broker::Headers headers = MakeHeaders(output);
  for (;;) {
    // The RD_KAFKA_V_ macros are statement expressions, which -Wpedantic refuses under clang.
    const rd_kafka_resp_err_t code = rd_kafka_producev(
        client_.get(), RD_KAFKA_VTYPE_TOPIC, output.kafka_topic.c_str(), RD_KAFKA_VTYPE_PARTITION,
        output.partition, RD_KAFKA_VTYPE_MSGFLAGS, int{RD_KAFKA_MSG_F_COPY}, RD_KAFKA_VTYPE_KEY,
        DataOrNull(output.key), SizeOf(output.key), RD_KAFKA_VTYPE_VALUE, DataOrNull(output.value),
        SizeOf(output.value), RD_KAFKA_VTYPE_TIMESTAMP, std::max(output.timestamp_ms, int64_t{0}),
        RD_KAFKA_VTYPE_HEADERS, headers.get(), RD_KAFKA_VTYPE_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(headers.release());  // taken over by rd_kafka_producev, on success only
      return absl::OkStatus();
    }
    const std::string what = Describe(output.kafka_topic, code);
    if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return absl::OutOfRangeError(what);
    if (code == RD_KAFKA_RESP_ERR__FATAL) return FatalError();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return absl::AbortedError(what);
    rd_kafka_poll(client_.get(), kQueueFullWaitMs);
    NoteQueue();
    if (failed_ > 0) return Failure();
  }
}

// Ends by itself: a record that is not acknowledged within message.timeout.ms fails.
absl::Status Producer::Flush() {
  bool is_lost = false;
  while (rd_kafka_outq_len(client_.get()) > 0 && !is_lost) {
    is_lost = !options_.transactional_id.empty() && TransactionError() != nullptr;
    // Once more after it has: what was refused may be reported only now.
    rd_kafka_flush(client_.get(), kFlushWaitMs);
    NoteQueue();
  }
  if (failed_ > 0) return Failure();
  return is_lost ? absl::AbortedError("the transaction has failed") : absl::OkStatus();
}

void Producer::NoteQueue() {
  counters_->publish_queue_records.Set(rd_kafka_outq_len(client_.get()));
}

broker::Error Producer::TransactionError() const {
  // Within a transaction this begins none; it tells what has become of the one there is.
  broker::Error error(rd_kafka_begin_transaction(client_.get()));
  const bool has_failed = rd_kafka_error_txn_requires_abort(error.get()) != 0 ||
                          rd_kafka_error_is_fatal(error.get()) != 0;
  return has_failed ? std::move(error) : nullptr;
}

void Producer::ForgetFailures() {
  failed_ = 0;
  refusal_ = Refusal::kNone;
}

bool Producer::has_fatal_error() const {
  return rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

absl::Status Producer::Failure() const {
  const std::string what = fmt::format("{} records not delivered: {}", failed_, failure_);
  switch (refusal_) {
    case Refusal::kTooLarge:
      return absl::ResourceExhaustedError(what);
    case Refusal::kInvalid:
      return absl::InvalidArgumentError(what);
    case Refusal::kNone:
      break;
  }
  if (IsDenial(failure_code_) && !was_acknowledged_.at(failed_kafka_topic_)) return Denied(what);
  if (has_fatal_error()) return FatalError();
  return absl::AbortedError(what);
}

absl::Status Producer::FatalError() const {
  std::array<char, kErrorBytes> words;
  const rd_kafka_resp_err_t code = rd_kafka_fatal_error(client_.get(), words.data(), words.size());
  return IsDenial(code) ? Denied(words.data()) : absl::AbortedError(words.data());
}

absl::Status Producer::Denied(std::string_view what) const {
  std::vector<std::string_view> kafka_topics;
  for (const auto& [kafka_topic, was_acknowledged] : was_acknowledged_) {
    if (!was_acknowledged) kafka_topics.push_back(kafka_topic);
  }
  if (kafka_topics.empty()) return absl::AbortedError(fmt::format("{}", what));
  return absl::PermissionDeniedError(
      fmt::format("{}; grant our principal DESCRIBE and WRITE on the Kafka topics {}", what,
                  fmt::join(kafka_topics, ", ")));
}

void Producer::HandleDelivery(rd_kafka_t* /*client*/, const rd_kafka_message_t* message,
                              void* self) noexcept {
  auto* const producer = static_cast<Producer*>(self);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    producer->was_acknowledged_.find(rd_kafka_topic_name(message->rkt))->second = true;
    producer->counters_->acknowledged.Add(1);
    return;
  }
  const Refusal refusal = RefusalOf(message->err);
  if (refusal != Refusal::kNone) producer->refusal_ = refusal;
  // Not rd_kafka_message_errstr: of a produced message it returns the payload.
  if (++producer->failed_ == 1 || refusal != Refusal::kNone) {
    producer->failure_code_ = message->err;
    producer->failed_kafka_topic_ = rd_kafka_topic_name(message->rkt);
    producer->failure_ = Describe(producer->failed_kafka_topic_, message->err);
  }
}

int Producer::HandleOpen(int domain, int type, int protocol, void* self) noexcept {
  return static_cast<Producer*>(self)->counters_->producer_sockets.Open(domain, type, protocol);
}

// On librdkafka's own thread, before what was under way on the connection is sent again. The error
// callback comes too late for that, with the next poll, or never: it is not called for like errors.
int Producer::HandleClose(int socket, void* self) noexcept {
  auto* const producer = static_cast<Producer*>(self);
  producer->disturbed_ = true;
  return producer->counters_->producer_sockets.Close(socket);
}

void Producer::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                           void* self) noexcept {
  auto* const producer = static_cast<Producer*>(self);
  switch (code) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
      producer->authentication_failed_ = true;
      break;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
      producer->disturbed_ = true;
      break;
    default:
      break;
  }
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

}  // namespace tocsin
