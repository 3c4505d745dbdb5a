#include "pipeline/publish/dead_letter.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <optional>
#include <utility>

namespace tocsin {
namespace {

constexpr size_t kErrorHeaders = 10;

std::string_view ClassOf(std::string_view stage) {
  if (stage == "decode") return "tocsin::Decoder";
  if (stage == "match") return "tocsin::rules::Scanner";
  return "tocsin::Sink";
}

std::string Sha256Hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

void CopyRecord(const Record& record, OutputRecord* letter) {
  if (record.key) letter->key.emplace(*record.key);
  if (record.value) letter->value.emplace(*record.value);
  letter->timestamp_ms = record.timestamp_ms;
  letter->headers.reserve(record.headers.size() + kErrorHeaders);
  for (const Header& header : record.headers) {
    OutputHeader& copy = letter->headers.emplace_back();
    copy.name = header.name;
    if (header.value) copy.value.emplace(*header.value);
  }
}

}  // namespace

OutputRecord EncodeDeadLetter(const Record& record, const DeadLetter& why,
                              std::string_view kafka_topic) {
  OutputRecord letter;
  letter.kafka_topic = kafka_topic;
  if (!why.is_pointer) CopyRecord(record, &letter);
  const auto add = [&letter](std::string_view name, std::string_view value) {
    letter.headers.push_back({"__connect.errors." + std::string(name), std::string(value)});
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
  if (why.is_pointer && record.value) add("tocsin.value.sha256", Sha256Hex(*record.value));
  return letter;
}

}  // namespace tocsin
