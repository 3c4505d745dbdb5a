#include "pipeline/broker/access.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

#include "pipeline/broker/write_access.h"
#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTryMs = 2'000;
constexpr int kEventWaitMs = 100;
// A partition without a leader, or a group without a coordinator, is the worker's business.
constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kProbePatience = std::chrono::seconds(15);
// Offsets of a partition that no Kafka topic has are refused, but not before our right to commit.
constexpr int32_t kNoPartition = 1 << 30;

using Kind = AccessFinding::Kind;
using Resource = AccessFinding::Resource;

class AccessCheck {
 public:
  // Without a deadline: as long as it takes.
  AccessCheck(const ClientSettings& settings, std::stop_token stop,
              Clock::time_point deadline = Clock::time_point::max())
      : settings_(settings), stop_(std::move(stop)), deadline_(deadline) {}

  // Whatever it finds is in the report; an error says that it could not begin.
  absl::Status Run(const Access& access);

  // What reading alone does not tell; after Run.
  absl::Status Probe(const Access& access);

  AccessReport TakeReport() { return std::move(report_); }

 private:
  absl::Status Connect();
  void CheckExists(const std::string& kafka_topic, const char* operation,
                   std::set<std::string>* existing);
  void TakeMetadata(const std::string& kafka_topic, const char* operation,
                    const rd_kafka_metadata_t& metadata, std::set<std::string>* existing);
  void CheckGroup(const std::string& kafka_topic);
  absl::Status CheckFetch();
  void ProbeGroup(const std::string& kafka_topic);
  absl::Status ProbeTopics();
  absl::Status ProbeTransactionalId(const std::string& transactional_id);

  void Add(AccessFinding finding);
  void Deny(Resource resource, const std::string& name, std::vector<std::string> operations);
  bool IsLetIn() const;  // so far

  // Serves callbacks and waits for one event.
  void Serve(int timeout_ms);
  static void HandleError(rd_kafka_t* client, int code, const char* reason, void* self) noexcept;

  const ClientSettings& settings_;
  const std::stop_token stop_;
  const Clock::time_point deadline_;
  AccessReport report_;
  std::set<std::string> readable_;  // that exist
  std::set<std::string> writable_;  // that exist
  std::set<std::string> awaited_;   // that have not been fetched from yet
  bool has_group_ = false;          // its coordinator answered
  std::string refusal_;             // of our credentials, and why
  std::string trouble_;             // the last
  Client client_;                   // last: its callbacks use the others until it is gone
};

absl::Status AccessCheck::Run(const Access& access) {
  RETURN_IF_ERROR(Connect());
  for (const std::string& kafka_topic : access.read) {
    if (IsLetIn()) CheckExists(kafka_topic, "READ", &readable_);
  }
  for (const std::string& kafka_topic : access.written) {
    if (IsLetIn()) CheckExists(kafka_topic, "WRITE", &writable_);
  }
  if (!IsLetIn()) return absl::OkStatus();
  if (!access.read.empty()) CheckGroup(access.read.front());
  return CheckFetch();
}

absl::Status AccessCheck::Probe(const Access& access) {
  if (!IsLetIn()) return absl::OkStatus();
  if (has_group_) ProbeGroup(access.read.front());
  RETURN_IF_ERROR(ProbeTopics());
  if (access.transactional_id.empty()) return absl::OkStatus();
  return ProbeTransactionalId(access.transactional_id);
}

absl::Status AccessCheck::Connect() {
  ASSIGN_OR_RETURN(Conf conf, ConsumerConf(settings_));
  if (rd_kafka_conf_set(conf.get(), "enable.partition.eof", "true", nullptr, 0) !=
      RD_KAFKA_CONF_OK) {
    return absl::InternalError("librdkafka refuses enable.partition.eof");
  }
  // Offsets of an open transaction are withheld from others, for as long as it is open.
  if (rd_kafka_conf_set(conf.get(), "isolation.level", "read_uncommitted", nullptr, 0) !=
      RD_KAFKA_CONF_OK) {
    return absl::InternalError("librdkafka refuses isolation.level");
  }
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_error_cb(conf.get(), &HandleError);
  ASSIGN_OR_RETURN(client_, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(client_.get());
  return absl::OkStatus();
}

void AccessCheck::CheckExists(const std::string& kafka_topic, const char* operation,
                              std::set<std::string>* existing) {
  const Topic topic(rd_kafka_topic_new(client_.get(), kafka_topic.c_str(), nullptr));
  while (!stop_.stop_requested()) {
    const rd_kafka_metadata_t* answer = nullptr;
    const rd_kafka_resp_err_t code =
        rd_kafka_metadata(client_.get(), 0, topic.get(), &answer, kTryMs);
    const Metadata metadata(answer);
    Serve(0);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1) {
      return TakeMetadata(kafka_topic, operation, *metadata, existing);
    }
    if (!refusal_.empty()) {
      return Add({.kind = Kind::kRefused,
                  .resource = Resource::kBrokers,
                  .name = settings_.brokers,
                  .reason = refusal_});
    }
    spdlog::warn("waiting for the Kafka brokers {}: {}", settings_.brokers, rd_kafka_err2str(code));
    if (Clock::now() >= deadline_) {
      return Add({.kind = Kind::kUnreachable,
                  .resource = Resource::kBrokers,
                  .name = settings_.brokers,
                  .reason = trouble_.empty() ? rd_kafka_err2str(code) : trouble_});
    }
  }
}

void AccessCheck::TakeMetadata(const std::string& kafka_topic, const char* operation,
                               const rd_kafka_metadata_t& metadata,
                               std::set<std::string>* existing) {
  report_.brokers = metadata.broker_cnt;
  report_.partitions_max = std::max(report_.partitions_max, metadata.topics[0].partition_cnt);
  switch (metadata.topics[0].err) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return Deny(Resource::kKafkaTopic, kafka_topic, {"DESCRIBE", operation});
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return Add({.kind = Kind::kMissing, .resource = Resource::kKafkaTopic, .name = kafka_topic});
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      existing->insert(kafka_topic);
      return;
    default:
      return;
  }
}

// The right on the group is looked at before those on the Kafka topic.
void AccessCheck::CheckGroup(const std::string& kafka_topic) {
  const auto deadline = Clock::now() + kPatience;
  const PartitionList partitions(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic.c_str(), 0);
  while (!stop_.stop_requested() && Clock::now() < deadline) {
    const rd_kafka_resp_err_t code = rd_kafka_committed(client_.get(), partitions.get(), kTryMs);
    Serve(0);
    if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
      return Deny(Resource::kGroup, settings_.group, {"DESCRIBE", "READ"});
    }
    has_group_ = code == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (has_group_) break;
  }
}

absl::Status AccessCheck::CheckFetch() {
  const auto deadline = Clock::now() + kPatience;
  awaited_ = readable_;
  const PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(awaited_.size())));
  for (const std::string& kafka_topic : awaited_) {
    rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic.c_str(), 0)->offset =
        RD_KAFKA_OFFSET_END;
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(client_.get(), partitions.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::InternalError(fmt::format("trying to fetch: {}", rd_kafka_err2str(code)));
  }
  while (!awaited_.empty() && !stop_.stop_requested() && Clock::now() < deadline) {
    Serve(kEventWaitMs);
  }
  return absl::OkStatus();
}

void AccessCheck::ProbeGroup(const std::string& kafka_topic) {
  const PartitionList partitions(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic.c_str(), kNoPartition)->offset =
      0;
  const rd_kafka_resp_err_t code = rd_kafka_commit(client_.get(), partitions.get(), 0);
  if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
    Deny(Resource::kGroup, settings_.group, {"READ"});
  }
}

absl::Status AccessCheck::ProbeTopics() {
  if (writable_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto answers, ProbeWrites(settings_, writable_));
  for (const auto& [kafka_topic, code] : answers) {
    if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
      Deny(Resource::kKafkaTopic, kafka_topic, {"WRITE"});
    } else if (code != RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS) {
      Add({.kind = Kind::kUnreachable,
           .resource = Resource::kKafkaTopic,
           .name = kafka_topic,
           .reason = code == RD_KAFKA_RESP_ERR_NO_ERROR ? "it took what no broker takes"
                                                        : rd_kafka_err2str(code)});
    }
  }
  return absl::OkStatus();
}

absl::Status AccessCheck::ProbeTransactionalId(const std::string& transactional_id) {
  ASSIGN_OR_RETURN(const rd_kafka_resp_err_t code, ProbeTransactions(settings_, transactional_id));
  if (code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED) {
    Deny(Resource::kTransactionalId, transactional_id, {"DESCRIBE", "WRITE"});
  } else if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Add({.kind = Kind::kUnreachable,
         .resource = Resource::kTransactionalId,
         .name = transactional_id,
         .reason = rd_kafka_err2str(code)});
  }
  return absl::OkStatus();
}

void AccessCheck::Add(AccessFinding finding) {
  for (const AccessFinding& each : report_.findings) {
    if (each.resource == finding.resource && each.name == finding.name &&
        each.operations == finding.operations) {
      return;
    }
  }
  report_.findings.push_back(std::move(finding));
}

void AccessCheck::Deny(Resource resource, const std::string& name,
                       std::vector<std::string> operations) {
  Add({.kind = Kind::kDenied,
       .resource = resource,
       .name = name,
       .operations = std::move(operations)});
}

bool AccessCheck::IsLetIn() const {
  return std::none_of(report_.findings.begin(), report_.findings.end(),
                      [](const auto& finding) { return finding.resource == Resource::kBrokers; });
}

void AccessCheck::Serve(int timeout_ms) {
  const Message event(rd_kafka_consumer_poll(client_.get(), timeout_ms));
  if (event == nullptr) return;
  const std::string kafka_topic = event->rkt == nullptr ? "" : rd_kafka_topic_name(event->rkt);
  switch (event->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      awaited_.erase(kafka_topic);
      return;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      // Also of one that was only asked for, and was told of with its metadata.
      if (awaited_.erase(kafka_topic) > 0) Deny(Resource::kKafkaTopic, kafka_topic, {"READ"});
      return;
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return Deny(Resource::kGroup, settings_.group, {"DESCRIBE", "READ"});
    default:
      return;
  }
}

void AccessCheck::HandleError(rd_kafka_t* /*client*/, int code, const char* reason,
                              void* self) noexcept {
  auto* const check = static_cast<AccessCheck*>(self);
  check->trouble_ = reason;
  // A broker that wants a certificate of ours says so in an alert, which is read as a lost
  // connection.
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL ||
      std::string_view(reason).find("SSL alert") != std::string_view::npos) {
    check->refusal_ = reason;
  }
  spdlog::warn("kafka: {}: {}", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code)), reason);
}

// What keeps a run from starting; a Kafka topic that is missing does not.
absl::Status ToStatus(const AccessReport& report) {
  std::vector<std::string> denied;
  for (const AccessFinding& finding : report.findings) {
    if (finding.kind == Kind::kRefused) {
      return absl::UnauthenticatedError(fmt::format(
          "the Kafka brokers refuse our credentials, or we their certificate: {}", finding.reason));
    }
    if (finding.kind == Kind::kMissing) {
      spdlog::warn("Kafka topic {} does not exist yet: create it, unless the brokers do",
                   finding.name);
    }
    if (finding.kind == Kind::kDenied) {
      denied.push_back(
          fmt::format("{} {}: the Kafka brokers refuse us: grant our principal {} on it",
                      finding.resource == Resource::kGroup ? "consumer group" : "Kafka topic",
                      finding.name, fmt::join(finding.operations, " and ")));
    }
  }
  if (denied.empty()) return absl::OkStatus();
  return absl::PermissionDeniedError(fmt::format("{}", fmt::join(denied, "\n")));
}

}  // namespace

absl::Status CheckAccess(const ClientSettings& settings, const Access& access,
                         const std::stop_token& stop) {
  AccessCheck check(settings, stop);
  RETURN_IF_ERROR(check.Run(access));
  return ToStatus(check.TakeReport());
}

absl::StatusOr<AccessReport> ProbeAccess(const ClientSettings& settings, const Access& access) {
  AccessCheck check(settings, std::stop_token(), Clock::now() + kProbePatience);
  RETURN_IF_ERROR(check.Run(access));
  RETURN_IF_ERROR(check.Probe(access));
  return check.TakeReport();
}

}  // namespace tocsin::broker
