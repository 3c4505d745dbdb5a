#include "pipeline/broker/access.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <set>
#include <string_view>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTryMs = 2'000;
constexpr int kEventWaitMs = 100;
// A partition without a leader, or a group without a coordinator, is the worker's business.
constexpr auto kPatience = std::chrono::seconds(10);

absl::Status Denied(std::string_view kind, std::string_view name, std::string_view operations) {
  return absl::PermissionDeniedError(fmt::format(
      "{} {}: the Kafka brokers refuse us: grant our principal {} on it", kind, name, operations));
}

class AccessCheck {
 public:
  AccessCheck(const ClientSettings& settings, const std::stop_token& stop)
      : settings_(settings), stop_(stop) {}

  absl::Status Run(const Access& access) {
    RETURN_IF_ERROR(Connect());
    for (const std::string& kafka_topic : access.read) {
      RETURN_IF_ERROR(CheckExists(kafka_topic, "DESCRIBE and READ", &readable_));
    }
    std::set<std::string> ignored;
    for (const std::string& kafka_topic : access.written) {
      RETURN_IF_ERROR(CheckExists(kafka_topic, "DESCRIBE and WRITE", &ignored));
    }
    RETURN_IF_ERROR(CheckGroup());
    return CheckFetch();
  }

 private:
  absl::Status Connect();
  absl::Status CheckExists(const std::string& kafka_topic, std::string_view operations,
                           std::set<std::string>* existing);
  absl::Status CheckGroup();
  absl::Status CheckFetch();

  // Serves callbacks and waits for one event; those that deny something are returned.
  absl::Status Serve(int timeout_ms);
  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  const ClientSettings& settings_;
  const std::stop_token& stop_;
  std::set<std::string> readable_;  // that exist, and have not been fetched from yet
  std::string refusal_;             // of our credentials, and why
  Client client_;                   // last: its callbacks use the others until it is gone
};

absl::Status AccessCheck::Connect() {
  ASSIGN_OR_RETURN(Conf conf, ConsumerConf(settings_));
  if (rd_kafka_conf_set(conf.get(), "enable.partition.eof", "true", nullptr, 0) !=
      RD_KAFKA_CONF_OK) {
    return absl::InternalError("librdkafka refuses enable.partition.eof");
  }
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  ASSIGN_OR_RETURN(client_, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(client_.get());
  return absl::OkStatus();
}

absl::Status AccessCheck::CheckExists(const std::string& kafka_topic, std::string_view operations,
                                      std::set<std::string>* existing) {
  const Topic topic(rd_kafka_topic_new(client_.get(), kafka_topic.c_str(), nullptr));
  while (!stop_.stop_requested()) {
    const rd_kafka_metadata_t* answer = nullptr;
    const rd_kafka_resp_err_t code =
        rd_kafka_metadata(client_.get(), 0, topic.get(), &answer, kTryMs);
    const Metadata metadata(answer);
    RETURN_IF_ERROR(Serve(0));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1) {
      const rd_kafka_resp_err_t error = metadata->topics[0].err;
      if (error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
        return Denied("Kafka topic", kafka_topic, operations);
      }
      if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        spdlog::warn("Kafka topic {} does not exist yet: create it, unless the brokers do",
                     kafka_topic);
      }
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) existing->insert(kafka_topic);
      return absl::OkStatus();
    }
    if (!refusal_.empty()) {
      return absl::UnauthenticatedError(fmt::format(
          "the Kafka brokers refuse our credentials, or we their certificate: {}", refusal_));
    }
    spdlog::warn("waiting for the Kafka brokers {}: {}", settings_.brokers, rd_kafka_err2str(code));
  }
  return absl::OkStatus();
}

absl::Status AccessCheck::CheckGroup() {
  if (readable_.empty()) return absl::OkStatus();
  const auto deadline = Clock::now() + kPatience;
  const PartitionList partitions(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), readable_.begin()->c_str(), 0);
  while (!stop_.stop_requested() && Clock::now() < deadline) {
    const rd_kafka_resp_err_t code = rd_kafka_committed(client_.get(), partitions.get(), kTryMs);
    RETURN_IF_ERROR(Serve(0));
    if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
      return Denied("consumer group", settings_.group, "DESCRIBE and READ");
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
  }
  return absl::OkStatus();
}

absl::Status AccessCheck::CheckFetch() {
  const auto deadline = Clock::now() + kPatience;
  const PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(readable_.size())));
  for (const std::string& kafka_topic : readable_) {
    rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic.c_str(), 0)->offset =
        RD_KAFKA_OFFSET_END;
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(client_.get(), partitions.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::InternalError(fmt::format("trying to fetch: {}", rd_kafka_err2str(code)));
  }
  while (!readable_.empty() && !stop_.stop_requested() && Clock::now() < deadline) {
    RETURN_IF_ERROR(Serve(kEventWaitMs));
  }
  return absl::OkStatus();
}

absl::Status AccessCheck::Serve(int timeout_ms) {
  const Message event(rd_kafka_consumer_poll(client_.get(), timeout_ms));
  if (event == nullptr) return absl::OkStatus();
  const std::string kafka_topic = event->rkt == nullptr ? "" : rd_kafka_topic_name(event->rkt);
  switch (event->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      readable_.erase(kafka_topic);
      return absl::OkStatus();
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return Denied("Kafka topic", kafka_topic, "READ");
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return Denied("consumer group", settings_.group, "DESCRIBE and READ");
    default:
      return absl::OkStatus();
  }
}

void AccessCheck::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                              void* self) noexcept {
  // A broker that wants a certificate of ours says so in an alert, which is read as a lost
  // connection.
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL ||
      std::string_view(reason).find("SSL alert") != std::string_view::npos) {
    static_cast<AccessCheck*>(self)->refusal_ = reason;
  }
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

}  // namespace

absl::Status CheckAccess(const ClientSettings& settings, const Access& access,
                         const std::stop_token& stop) {
  return AccessCheck(settings, stop).Run(access);
}

}  // namespace tocsin::broker
