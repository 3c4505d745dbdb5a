#include "pipeline/publish/dead_letter.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

#include "pipeline/log.h"
#include "rules/base/digest.h"

namespace tocsin {
namespace {

constexpr size_t kErrorHeaders = 10;
constexpr size_t kDigits = 64;  // of a whole SHA-256
constexpr std::string_view kPrefix = "__connect.errors.";
constexpr std::string_view kSha256 = "tocsin.value.sha256";

std::string_view ClassOf(std::string_view stage) {
  if (stage == "decode") return "tocsin::Decoder";
  if (stage == "match") return "tocsin::rules::Scanner";
  if (stage == "notify") return "tocsin::Webhook";
  return "tocsin::Sink";
}

void CopyRecord(const Record& record, OutputRecord* letter) {
  if (record.key) letter->key.emplace(*record.key);
  if (record.value) letter->value.emplace(*record.value);
  letter->timestamp_ms = record.timestamp_ms;
  const std::span<const Header> headers = record.headers.all();
  letter->headers.reserve(headers.size() + kErrorHeaders);
  for (const Header& header : headers) {
    OutputHeader& copy = letter->headers.emplace_back();
    copy.name = header.name;
    if (header.value) copy.value.emplace(*header.value);
  }
}

}  // namespace

void LogDeadLetter(const Record& record, const DeadLetter& why) {
  spdlog::warn("dead letter: {}[{}] offset {}: {}, {}: {}{}", record.kafka_topic, record.partition,
               record.offset, why.stage, why.reason, why.message,
               log::About{.event = why.stage == "publish" ? log::kRefused : log::kDeadLetter,
                          .kafka_topic = record.kafka_topic,
                          .partition = record.partition,
                          .offset = record.offset});
}

OutputRecord EncodeDeadLetter(const Record& record, const DeadLetter& why,
                              std::string_view kafka_topic) {
  OutputRecord letter;
  letter.kafka_topic = kafka_topic;
  if (!why.is_pointer) CopyRecord(record, &letter);
  const auto add = [&letter](std::string_view name, std::string_view value) {
    letter.headers.push_back({std::string(kPrefix) + std::string(name), std::string(value)});
  };
  add("topic", record.kafka_topic);
  add("partition", std::to_string(record.partition));
  add("offset", std::to_string(record.offset));
  add("connector.name", "tocsin");
  add("task.id", std::to_string(why.task_id));
  add("stage", why.stage);
  add("class.name", ClassOf(why.stage));
  add("exception.class.name", why.reason);
  add("exception.message", why.message);
  if (why.is_pointer) {
    OutputHeader& digest = letter.headers.emplace_back();
    digest.name = std::string(kPrefix) + std::string(kSha256);
    if (record.value) digest.value = HexDigest(*record.value, kDigits);
  }
  return letter;
}

absl::StatusOr<Origin> OriginOf(const Record& letter) {
  Origin origin;
  bool has_partition = false;
  bool has_offset = false;
  for (const Header& header : letter.headers.all()) {  // of a name that comes twice, the last
    if (!IsDeadLetterHeader(header.name)) continue;
    const std::string_view name = header.name.substr(kPrefix.size());
    const std::string_view value = header.value.value_or("");
    if (name == "topic") origin.kafka_topic = value;
    if (name == "partition")
      has_partition = absl::SimpleAtoi(std::string(value), &origin.partition);
    if (name == "offset") has_offset = absl::SimpleAtoi(std::string(value), &origin.offset);
    if (name == "exception.class.name") origin.reason = value;
    if (name == kSha256) {
      origin.is_pointer = true;
      origin.value_sha256 = value;
    }
  }
  if (!origin.kafka_topic.empty() && has_partition && has_offset) return origin;
  return absl::InvalidArgumentError("the headers do not tell where the record came from");
}

bool IsDeadLetterHeader(std::string_view name) { return name.starts_with(kPrefix); }

std::string Sha256Of(const std::optional<std::string>& value) {
  return value ? HexDigest(*value, kDigits) : "";
}

}  // namespace tocsin
