// The least that a consumer costs: librdkafka, set up as for a worker of ours, fetches all of a Kafka
// topic, and what comes is counted and thrown away.
//
//   floor BROKERS KAFKA_TOPIC PARTITIONS      # prints: records, bytes of their values
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <span>
#include <string>
#include <utility>

#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

constexpr size_t kBatchRecords = 1000;
constexpr int kTimeoutMs = 100;  // a batch is waited for until it is full
constexpr int kIdleMax = 600;    // timeouts in a row
// What one worker has of the default memory_budget.
constexpr broker::Buffers kBuffers = {.consumer_bytes = size_t{32} << 20,
                                      .fetch_bytes = size_t{1} << 20};

struct Seen {
  uint64_t records = 0;
  uint64_t bytes = 0;
  int ends = 0;
};

absl::Status Count(const rd_kafka_message_t& message, Seen* seen) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    ++seen->ends;
    return absl::OkStatus();
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(rd_kafka_message_errstr(&message));
  }
  ++seen->records;
  seen->bytes += message.len;
  return absl::OkStatus();
}

absl::StatusOr<broker::Client> ConnectTo(const std::string& brokers, const std::string& kafka_topic,
                                         int partitions) {
  ASSIGN_OR_RETURN(
      broker::Conf conf,
      broker::ConsumerConf({.brokers = brokers, .group = "floor", .buffers = kBuffers}));
  rd_kafka_conf_set(conf.get(), "enable.partition.eof", "true", nullptr, 0);
  ASSIGN_OR_RETURN(broker::Client client, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(client.get());
  const broker::PartitionList list(rd_kafka_topic_partition_list_new(partitions));
  for (int partition = 0; partition < partitions; ++partition) {
    rd_kafka_topic_partition_list_add(list.get(), kafka_topic.c_str(), partition)->offset = 0;
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(client.get(), list.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return client;
  return absl::UnavailableError(rd_kafka_err2str(code));
}

absl::StatusOr<Seen> ConsumeAll(const std::string& brokers, const std::string& kafka_topic,
                                int partitions) {
  ASSIGN_OR_RETURN(const broker::Client client, ConnectTo(brokers, kafka_topic, partitions));
  const broker::Queue queue(rd_kafka_queue_get_consumer(client.get()));
  std::array<rd_kafka_message_t*, kBatchRecords> batch;
  Seen seen;
  absl::Status status;
  int idle = 0;
  while (seen.ends < partitions && status.ok()) {
    const ssize_t taken =
        rd_kafka_consume_batch_queue(queue.get(), kTimeoutMs, batch.data(), batch.size());
    idle = taken > 0 ? 0 : idle + 1;
    if (idle > kIdleMax) status = absl::DeadlineExceededError("nothing comes any more");
    for (ssize_t i = 0; i < taken; ++i) {
      const broker::Message message(batch[i]);
      if (status.ok()) status = Count(*message, &seen);
    }
  }
  rd_kafka_consumer_close(client.get());
  if (!status.ok()) return status;
  return seen;
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<size_t>(argc));
  int partitions = 0;
  if (arguments.size() != 4 || !absl::SimpleAtoi(arguments[3], &partitions)) {
    std::cerr << "usage: floor BROKERS KAFKA_TOPIC PARTITIONS\n";
    return 64;
  }
  const auto seen = tocsin::bench::ConsumeAll(arguments[1], arguments[2], partitions);
  if (!seen.ok()) {
    std::cerr << "floor: " << std::string(seen.status().message()) << '\n';
    return 1;
  }
  std::cout << fmt::format("{} {}\n", seen->records, seen->bytes);
  return 0;
}
