#include "pipeline/broker/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "pipeline/broker/headers.h"
#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kReadTimeout = std::chrono::seconds(10);

int MillisecondsUntil(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return std::max(0, static_cast<int>(left.count()));
}

absl::Status Unavailable(const std::string& kafka_topic, rd_kafka_resp_err_t code) {
  return absl::UnavailableError(
      fmt::format("reading Kafka topic {}: {}", kafka_topic, rd_kafka_err2str(code)));
}

absl::StatusOr<Client> ConnectReader(const ClientSettings& settings) {
  ClientSettings reader = settings;
  reader.group = "tocsin-reader";  // librdkafka wants one; nothing is ever committed to it
  ASSIGN_OR_RETURN(Conf conf, ConsumerConf(reader));
  // The end is announced when a fetch comes back empty: waiting for more would only delay it.
  for (const auto& [name, value] : {std::pair("enable.partition.eof", "true"),
                                    {"fetch.wait.max.ms", "10"},
                                    {"auto.offset.reset", "error"}}) {
    if (rd_kafka_conf_set(conf.get(), name, value, nullptr, 0) != RD_KAFKA_CONF_OK) {
      return absl::InternalError(fmt::format("librdkafka refuses {}", name));
    }
  }
  ASSIGN_OR_RETURN(Client client, Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

absl::StatusOr<int> CountPartitions(rd_kafka_t* client, const std::string& kafka_topic,
                                    Clock::time_point deadline) {
  const Topic topic(rd_kafka_topic_new(client, kafka_topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(client, 0, topic.get(), &answer, MillisecondsUntil(deadline));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(kafka_topic, code);
  const Metadata metadata(answer);
  if (metadata->topic_cnt != 1 || metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Unavailable(kafka_topic, metadata->topic_cnt == 1 ? metadata->topics[0].err
                                                             : RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC);
  }
  return metadata->topics[0].partition_cnt;
}

std::optional<std::string> Copy(const void* data, size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

StoredRecord ToStored(const std::string& kafka_topic, const rd_kafka_message_t& message) {
  StoredRecord stored{.partition = message.partition, .offset = message.offset, .record = {}};
  stored.record.kafka_topic = kafka_topic;
  stored.record.key = Copy(message.key, message.key_len);
  stored.record.value = Copy(message.payload, message.len);
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  stored.record.timestamp_ms = rd_kafka_message_timestamp(&message, &type);
  ForEachHeader(message, [&](const char* name, const void* value, size_t size) {
    stored.record.headers.push_back({.name = name, .value = Copy(value, size)});
  });
  return stored;
}

}  // namespace

absl::StatusOr<std::vector<StoredRecord>> ReadToEnd(const ClientSettings& settings,
                                                    const std::string& kafka_topic,
                                                    std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  ASSIGN_OR_RETURN(const Client client, ConnectReader(settings));
  ASSIGN_OR_RETURN(int unfinished, CountPartitions(client.get(), kafka_topic, deadline));

  const PartitionList partitions(rd_kafka_topic_partition_list_new(unfinished));
  for (int partition = 0; partition < unfinished; ++partition) {
    rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  const rd_kafka_resp_err_t assigned = rd_kafka_assign(client.get(), partitions.get());
  if (assigned != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(kafka_topic, assigned);

  std::vector<StoredRecord> records;
  while (unfinished > 0) {
    const Message message(rd_kafka_consumer_poll(client.get(), MillisecondsUntil(deadline)));
    if (message == nullptr) return Unavailable(kafka_topic, RD_KAFKA_RESP_ERR__TIMED_OUT);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      --unfinished;
    } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Unavailable(kafka_topic, message->err);
    } else {
      records.push_back(ToStored(kafka_topic, *message));
    }
  }
  std::sort(records.begin(), records.end(), [](const StoredRecord& a, const StoredRecord& b) {
    return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
  });
  return records;
}

absl::StatusOr<std::unique_ptr<RecordReader>> RecordReader::Connect(
    const ClientSettings& settings) {
  ASSIGN_OR_RETURN(Client client, ConnectReader(settings));
  return std::unique_ptr<RecordReader>(new RecordReader(std::move(client)));
}

absl::StatusOr<OutputRecord> RecordReader::Read(const std::string& kafka_topic, int32_t partition,
                                                int64_t offset) {
  const PartitionList partitions(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic.c_str(), partition)->offset =
      offset;
  const rd_kafka_resp_err_t assigned = rd_kafka_assign(client_.get(), partitions.get());
  if (assigned != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(kafka_topic, assigned);
  auto record = ReadAssigned(fmt::format("{}[{}]", kafka_topic, partition), offset);
  rd_kafka_assign(client_.get(), nullptr);
  return record;
}

absl::StatusOr<OutputRecord> RecordReader::ReadAssigned(const std::string& where, int64_t offset) {
  absl::Status gone =
      absl::NotFoundError(fmt::format("{} has no record at offset {}", where, offset));
  const Clock::time_point deadline = Clock::now() + kReadTimeout;
  for (;;) {
    const Message message(rd_kafka_consumer_poll(client_.get(), MillisecondsUntil(deadline)));
    if (message == nullptr) return Unavailable(where, RD_KAFKA_RESP_ERR__TIMED_OUT);
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        if (message->offset != offset) return gone;
        return ToStored(rd_kafka_topic_name(message->rkt), *message).record;
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        return gone;
      default:  // a connection that was lost, ...: until it is too late
        break;
    }
  }
}

}  // namespace tocsin::broker
