#include "pipeline/consume/fetched.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/broker/headers.h"

namespace tocsin {
namespace {

std::string_view View(const void* data, size_t size) {
  return {static_cast<const char*>(data), size};
}

std::optional<std::string_view> ViewOrNull(const void* data, size_t size) {
  if (data == nullptr) return std::nullopt;
  return View(data, size);
}

void DestroyMessage(void* message) {
  rd_kafka_message_destroy(static_cast<rd_kafka_message_t*>(message));
}

void ReadHeaders(void* message, std::vector<Header>* headers) {
  broker::ForEachHeader(*static_cast<const rd_kafka_message_t*>(message),
                        [&](const char* name, const void* value, size_t size) {
                          headers->push_back({.name = name, .value = ViewOrNull(value, size)});
                        });
}

std::string PlaceOf(const rd_kafka_message_t& event) {
  if (event.rkt == nullptr) return "";
  std::string place = rd_kafka_topic_name(event.rkt);
  if (event.partition >= 0) place += fmt::format("[{}]", event.partition);
  if (event.offset >= 0) place += fmt::format(" offset {}", event.offset);
  return place;
}

}  // namespace

void AppendFetched(broker::Message message, RecordBatch* batch) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const Record record{
      .kafka_topic = rd_kafka_topic_name(message->rkt),
      .partition = message->partition,
      .offset = message->offset,
      .key = ViewOrNull(message->key, message->key_len),
      .value = ViewOrNull(message->payload, message->len),
      .headers = {},
      .timestamp_ms = rd_kafka_message_timestamp(message.get(), &type),
  };
  batch->Append(record, RecordBatch::Bytes(message.release(), &DestroyMessage), &ReadHeaders);
}

absl::Status AdriftError(const rd_kafka_message_t& message) {
  return absl::AbortedError(
      fmt::format("an input Kafka topic was truncated, made again, or gone for a while, as seen at "
                  "{}[{}] offset {}",
                  rd_kafka_topic_name(message.rkt), message.partition, message.offset));
}

// The event carries its Kafka topic in its words only: "news.raw [3]: topic does not exist (...)".
absl::Status NoteIfGone(int code, std::string_view reason, Assignment* assignment) {
  if (code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return absl::OkStatus();
  if (!assignment->SetAdrift(reason.substr(0, reason.find(" [")))) return absl::OkStatus();
  return absl::AbortedError(fmt::format(
      "an input Kafka topic is gone: {}; one made again is read from its first record", reason));
}

absl::Status CheckFetchError(const rd_kafka_message_t& event, bool has_begun) {
  const std::string what =
      fmt::format("consuming {}: {}", PlaceOf(event), rd_kafka_message_errstr(&event));
  switch (event.err) {
    case RD_KAFKA_RESP_ERR__FATAL:
      return absl::InternalError(what);
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      return absl::OutOfRangeError(what +
                                   "; auto.offset.reset is error: tell where the group goes on, by "
                                   "kafka-consumer-groups.sh --reset-offsets");
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      if (!has_begun) return absl::PermissionDeniedError(what);
      break;
    default:
      break;
  }
  spdlog::warn("{}", what);
  return absl::OkStatus();
}

}  // namespace tocsin
