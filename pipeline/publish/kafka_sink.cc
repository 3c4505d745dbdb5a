#include "pipeline/publish/kafka_sink.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int kQueueFullWaitMs = 50;
constexpr int kFlushWaitMs = 100;

// The broker's no to this record, which no repetition will turn into a yes.
bool IsRefusal(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
         code == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE ||
         code == RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP || code == RD_KAFKA_RESP_ERR_INVALID_RECORD ||
         code == RD_KAFKA_RESP_ERR_INVALID_MSG;
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

absl::StatusOr<std::unique_ptr<KafkaSink>> KafkaSink::Connect(KafkaSinkOptions options,
                                                              Counters* counters) {
  std::unique_ptr<KafkaSink> sink(new KafkaSink(std::move(options), counters));
  RETURN_IF_ERROR(sink->Reconnect());
  return sink;
}

absl::Status KafkaSink::Reconnect() {
  known_topics_.clear();
  client_.reset();
  ASSIGN_OR_RETURN(broker::Conf conf, broker::ProducerConf(options_.client));
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), &HandleDelivery);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  ASSIGN_OR_RETURN(client_, broker::Connect(RD_KAFKA_PRODUCER, std::move(conf)));
  // Before 2.10.1 a topic first heard of with a record keeps it waiting for up to a second
  // (LRK#5032).
  for (const std::string& kafka_topic : options_.kafka_topics) {
    known_topics_.emplace_back(rd_kafka_topic_new(client_.get(), kafka_topic.c_str(), nullptr));
  }
  return absl::OkStatus();
}

absl::Status KafkaSink::Publish(const Record& origin, const OutputRecord& output) {
  switch (one_by_one_ ? ProduceAlone(output) : Produce(output)) {
    case Outcome::kQueued:
      counters_->published.Add(output.kafka_topic, 1);
      return absl::OkStatus();
    case Outcome::kRefused:
      return PublishPointer(origin, output.kafka_topic);
    case Outcome::kFailed:
      break;
  }
  return Failure();
}

absl::Status KafkaSink::PublishDeadLetter(const Record& origin, const DeadLetter& why) {
  const OutputRecord letter = EncodeDeadLetter(origin, why, options_.dead_letter_kafka_topic);
  switch (one_by_one_ ? ProduceAlone(letter) : Produce(letter)) {
    case Outcome::kQueued:
      counters_->dead_lettered.Add(why.reason, 1);
      return absl::OkStatus();
    case Outcome::kRefused:
      return PublishPointer(origin, options_.dead_letter_kafka_topic);
    case Outcome::kFailed:
      break;
  }
  return Failure();
}

absl::Status KafkaSink::PublishPointer(const Record& origin, const std::string& kafka_topic) {
  const Record pointer{.kafka_topic = origin.kafka_topic,
                       .partition = origin.partition,
                       .offset = origin.offset,
                       .key = std::nullopt,
                       .value = std::nullopt,
                       .headers = {},
                       .timestamp_ms = -1};
  const DeadLetter why{.stage = "publish",
                       .reason = "refused",
                       .message = fmt::format("Kafka topic {}: {}", kafka_topic, failure_),
                       .task_id = options_.task_id};
  const OutputRecord letter = EncodeDeadLetter(pointer, why, options_.dead_letter_kafka_topic);
  switch (one_by_one_ ? ProduceAlone(letter) : Produce(letter)) {
    case Outcome::kQueued:
      counters_->dead_lettered.Add(why.reason, 1);
      return absl::OkStatus();
    case Outcome::kRefused:
      return absl::FailedPreconditionError(fmt::format(
          "{}[{}] offset {}: Kafka topic {} refuses even a pointer to it: {}", origin.kafka_topic,
          origin.partition, origin.offset, options_.dead_letter_kafka_topic, failure_));
    case Outcome::kFailed:
      break;
  }
  return Failure();
}

KafkaSink::Outcome KafkaSink::Produce(const OutputRecord& output) {
  rd_kafka_poll(client_.get(), 0);
  if (failed_ > 0) return Outcome::kFailed;  // sooner than the commit would find out
  broker::Headers headers = MakeHeaders(output);
  for (;;) {
    // The RD_KAFKA_V_ macros are statement expressions, which -Wpedantic refuses under clang.
    const rd_kafka_resp_err_t code = rd_kafka_producev(
        client_.get(), RD_KAFKA_VTYPE_TOPIC, output.kafka_topic.c_str(), RD_KAFKA_VTYPE_MSGFLAGS,
        int{RD_KAFKA_MSG_F_COPY}, RD_KAFKA_VTYPE_KEY, DataOrNull(output.key), SizeOf(output.key),
        RD_KAFKA_VTYPE_VALUE, DataOrNull(output.value), SizeOf(output.value),
        RD_KAFKA_VTYPE_TIMESTAMP, std::max(output.timestamp_ms, int64_t{0}), RD_KAFKA_VTYPE_HEADERS,
        headers.get(), RD_KAFKA_VTYPE_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(headers.release());  // taken over by rd_kafka_producev, on success only
      return Outcome::kQueued;
    }
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(client_.get(), kQueueFullWaitMs);
      continue;
    }
    failure_ = rd_kafka_err2str(code);
    if (IsRefusal(code)) return Outcome::kRefused;
    ++failed_;
    return Outcome::kFailed;
  }
}

KafkaSink::Outcome KafkaSink::ProduceAlone(const OutputRecord& output) {
  const Outcome outcome = Produce(output);
  if (outcome != Outcome::kQueued) return outcome;
  AwaitDeliveries();
  if (failed_ == 0) return Outcome::kQueued;
  if (refused_ == 0) return Outcome::kFailed;
  failed_ = 0;
  refused_ = 0;
  return Outcome::kRefused;
}

absl::Status KafkaSink::Flush() {
  AwaitDeliveries();
  return failed_ == 0 ? absl::OkStatus() : Failure();
}

absl::Status KafkaSink::Commit(Source& source, const Offsets& next) {
  RETURN_IF_ERROR(Flush());
  RETURN_IF_ERROR(source.CommitOffsets(next));
  one_by_one_ = false;
  return absl::OkStatus();
}

absl::Status KafkaSink::Abort() {
  AwaitDeliveries();
  one_by_one_ = refused_ > 0;
  failed_ = 0;
  refused_ = 0;
  if (rd_kafka_fatal_error(client_.get(), nullptr, 0) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::OkStatus();
  }
  spdlog::warn("publish: a fatal error of the producer: making a new one");
  return Reconnect();
}

// Ends by itself: a record that is not acknowledged within message.timeout.ms fails.
void KafkaSink::AwaitDeliveries() {
  while (rd_kafka_outq_len(client_.get()) > 0) rd_kafka_flush(client_.get(), kFlushWaitMs);
}

absl::Status KafkaSink::Failure() const {
  return absl::AbortedError(fmt::format("{} records not delivered: {}", failed_, failure_));
}

void KafkaSink::HandleDelivery(rd_kafka_t* /*client*/, const rd_kafka_message_t* message,
                               void* self) noexcept {
  auto* const sink = static_cast<KafkaSink*>(self);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    sink->counters_->acknowledged.Add(1);
    return;
  }
  // Not rd_kafka_message_errstr: of a produced message it returns the payload.
  if (++sink->failed_ == 1) sink->failure_ = rd_kafka_err2str(message->err);
  if (IsRefusal(message->err)) ++sink->refused_;
}

void KafkaSink::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                            void* /*self*/) noexcept {
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

}  // namespace tocsin
