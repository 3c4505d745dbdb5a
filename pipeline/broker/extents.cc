#include "pipeline/broker/extents.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

constexpr int kTimeoutMs = 30'000;

absl::Status Unavailable(std::string_view what, rd_kafka_resp_err_t code) {
  return absl::UnavailableError(fmt::format("{}: {}", what, rd_kafka_err2str(code)));
}

absl::StatusOr<Client> ConnectAsker(const ClientSettings& settings) {
  ASSIGN_OR_RETURN(Conf conf, ConsumerConf(settings));
  return Connect(RD_KAFKA_CONSUMER, std::move(conf));
}

PartitionList ToPartitions(const std::vector<Extent>& extents) {
  PartitionList partitions(rd_kafka_topic_partition_list_new(static_cast<int>(extents.size())));
  for (const Extent& extent : extents) {
    rd_kafka_topic_partition_list_add(partitions.get(), extent.kafka_topic.c_str(),
                                      extent.partition);
  }
  return partitions;
}

rd_kafka_resp_err_t FirstError(rd_kafka_resp_err_t code,
                               const rd_kafka_topic_partition_list_t& partitions) {
  for (int i = 0; i < partitions.cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    code = partitions.elems[i].err;
  }
  return code;
}

absl::Status AskWatermarks(rd_kafka_t* client, std::vector<Extent>* extents) {
  for (Extent& extent : *extents) {
    const rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(client, extent.kafka_topic.c_str(), extent.partition,
                                         &extent.begin, &extent.end, kTimeoutMs);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Unavailable(fmt::format("the end of {}[{}]", extent.kafka_topic, extent.partition),
                         code);
    }
  }
  return absl::OkStatus();
}

absl::Status AskTimes(rd_kafka_t* client, int64_t from_ms, std::vector<Extent>* extents) {
  const PartitionList partitions = ToPartitions(*extents);
  for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = from_ms;
  const rd_kafka_resp_err_t code =
      FirstError(rd_kafka_offsets_for_times(client, partitions.get(), kTimeoutMs), *partitions);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable("offsets by time", code);
  for (int i = 0; i < partitions->cnt; ++i) {
    Extent& extent = (*extents)[i];
    const int64_t found = partitions->elems[i].offset;
    extent.begin = found < 0 ? extent.end : std::min(found, extent.end);
  }
  return absl::OkStatus();
}

absl::StatusOr<PartitionList> AskCommitted(rd_kafka_t* client, const std::vector<Extent>& extents,
                                           int timeout_ms = kTimeoutMs) {
  PartitionList partitions = ToPartitions(extents);
  const rd_kafka_resp_err_t code =
      FirstError(rd_kafka_committed(client, partitions.get(), timeout_ms), *partitions);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable("reading committed offsets", code);
  return partitions;
}

}  // namespace

absl::StatusOr<int> CountPartitions(rd_kafka_t* client, const std::string& kafka_topic,
                                    int timeout_ms) {
  const Topic topic(rd_kafka_topic_new(client, kafka_topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, topic.get(), &answer, timeout_ms);
  const Metadata metadata(answer);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = metadata->topics[0].err;
  if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    return absl::NotFoundError(fmt::format("Kafka topic {} does not exist", kafka_topic));
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Unavailable(fmt::format("Kafka topic {}", kafka_topic), code);
  }
  return metadata->topics[0].partition_cnt;
}

absl::StatusOr<std::vector<Extent>> ExtentsNow(const ClientSettings& settings,
                                               const std::vector<std::string>& kafka_topics,
                                               int64_t from_ms) {
  ASSIGN_OR_RETURN(const Client client, ConnectAsker(settings));
  std::vector<Extent> extents;
  for (const std::string& kafka_topic : kafka_topics) {
    ASSIGN_OR_RETURN(const int partitions, CountPartitions(client.get(), kafka_topic, kTimeoutMs));
    for (int partition = 0; partition < partitions; ++partition) {
      extents.push_back({.kafka_topic = kafka_topic, .partition = partition});
    }
  }
  RETURN_IF_ERROR(AskWatermarks(client.get(), &extents));
  if (from_ms != kFromBeginning) RETURN_IF_ERROR(AskTimes(client.get(), from_ms, &extents));
  return extents;
}

absl::Status StartGroup(const ClientSettings& settings, const std::vector<Extent>& extents) {
  ASSIGN_OR_RETURN(const Client client, ConnectAsker(settings));
  ASSIGN_OR_RETURN(const PartitionList committed, AskCommitted(client.get(), extents));
  const PartitionList missing(rd_kafka_topic_partition_list_new(committed->cnt));
  for (int i = 0; i < committed->cnt; ++i) {
    if (committed->elems[i].offset >= 0) continue;
    rd_kafka_topic_partition_list_add(missing.get(), committed->elems[i].topic,
                                      committed->elems[i].partition)
        ->offset = extents[i].begin;
  }
  if (missing->cnt == 0) return absl::OkStatus();
  const rd_kafka_resp_err_t code =
      FirstError(rd_kafka_commit(client.get(), missing.get(), 0), *missing);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::AbortedError(fmt::format("committing where the group {} begins: {}", settings.group,
                                        rd_kafka_err2str(code)));
}

absl::Status MoveToCommitted(const ClientSettings& settings, std::vector<Extent>* extents) {
  ASSIGN_OR_RETURN(const Client client, ConnectAsker(settings));
  ASSIGN_OR_RETURN(const PartitionList committed, AskCommitted(client.get(), *extents));
  for (int i = 0; i < committed->cnt; ++i) {
    if (committed->elems[i].offset >= 0) (*extents)[i].begin = committed->elems[i].offset;
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Confine(const ClientSettings& settings, const Extent& now, int64_t offset) {
  if (now.begin <= offset && offset <= now.end) return offset;
  const OffsetReset reset = OffsetResetOf(settings);
  const int64_t confined = reset == OffsetReset::kLatest ? now.end : now.begin;
  if (offset < 0 && reset != OffsetReset::kError) return confined;
  const std::string what = fmt::format(
      "{}[{}] has no offset {} any more, but {} to {}: the Kafka topic was made again or "
      "truncated, or its records were deleted before they were read",
      now.kafka_topic, now.partition, offset, now.begin, now.end);
  if (reset == OffsetReset::kError) return absl::OutOfRangeError(what);
  spdlog::error("{}; going on at {}, by auto.offset.reset", what, confined);
  return confined;
}

absl::StatusOr<bool> EndsAreCommitted(rd_kafka_t* member, const std::vector<Extent>& extents,
                                      int timeout_ms) {
  ASSIGN_OR_RETURN(const PartitionList committed, AskCommitted(member, extents, timeout_ms));
  for (size_t i = 0; i < extents.size(); ++i) {
    if (committed->elems[i].offset < extents[i].end) return false;
  }
  return true;
}

}  // namespace tocsin::broker
