#include "pipeline/broker/write_access.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

constexpr int kTimeoutMs = 10'000;
constexpr int kFlushMs = 100;
constexpr char kTimeoutText[] = "8000";  // of a record: its report comes before we stop waiting
constexpr char kCreationText[] =
    "3000";  // in which one that brokers create is known to all of them

using Answers = std::map<std::string, rd_kafka_resp_err_t>;

void TakeReport(rd_kafka_t* /*client*/, const rd_kafka_message_t* message, void* opaque) noexcept {
  (*static_cast<Answers*>(opaque))[rd_kafka_topic_name(message->rkt)] = message->err;
}

absl::StatusOr<Client> ConnectProber(const ClientSettings& settings, Answers* answers) {
  ASSIGN_OR_RETURN(Conf conf, ProducerConf(settings, ""));
  for (const auto& [name, value] : {std::pair("enable.idempotence", "false"),
                                    {"acks", "2"},
                                    {"linger.ms", "0"},
                                    {"topic.metadata.propagation.max.ms", kCreationText},
                                    {"message.timeout.ms", kTimeoutText}}) {
    if (rd_kafka_conf_set(conf.get(), name, value, nullptr, 0) != RD_KAFKA_CONF_OK) {
      return absl::InternalError(fmt::format("librdkafka refuses {}={}", name, value));
    }
  }
  rd_kafka_conf_set_opaque(conf.get(), answers);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), &TakeReport);
  return Connect(RD_KAFKA_PRODUCER, std::move(conf));
}

absl::Status ToStatus(const std::string& kafka_topic, rd_kafka_resp_err_t answer) {
  switch (answer) {
    case RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS:
      return absl::OkStatus();
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return absl::FailedPreconditionError(
          fmt::format("Kafka topic {} does not exist: create it", kafka_topic));
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return absl::PermissionDeniedError(fmt::format(
          "Kafka topic {}: the Kafka brokers refuse us: grant our principal WRITE on it",
          kafka_topic));
    default:
      return absl::UnavailableError(
          fmt::format("Kafka topic {}: the Kafka brokers do not say whether it takes records: {}",
                      kafka_topic, rd_kafka_err2str(answer)));
  }
}

}  // namespace

absl::Status CheckWrites(const ClientSettings& settings, const std::set<std::string>& kafka_topics,
                         const std::stop_token& stop) {
  ASSIGN_OR_RETURN(const Answers answers, ProbeWrites(settings, kafka_topics, stop));
  absl::StatusCode code = absl::StatusCode::kOk;
  std::vector<std::string> problems;
  for (const auto& [kafka_topic, answer] : answers) {
    const absl::Status status = ToStatus(kafka_topic, answer);
    if (status.ok()) continue;
    if (problems.empty()) code = status.code();
    problems.emplace_back(status.message());
  }
  return {code, fmt::format("{}", fmt::join(problems, "; "))};
}

absl::StatusOr<Answers> ProbeWrites(const ClientSettings& settings,
                                    const std::set<std::string>& kafka_topics,
                                    const std::stop_token& stop) {
  Answers answers;  // before the client: its callbacks use it until it is gone
  ASSIGN_OR_RETURN(Client client, ConnectProber(settings, &answers));
  for (const std::string& kafka_topic : kafka_topics) {
    answers[kafka_topic] = RD_KAFKA_RESP_ERR__TIMED_OUT;
    // The RD_KAFKA_V_ macros are statement expressions, which -Wpedantic refuses under clang.
    const rd_kafka_resp_err_t code =
        rd_kafka_producev(client.get(), RD_KAFKA_VTYPE_TOPIC, kafka_topic.c_str(),
                          RD_KAFKA_VTYPE_PARTITION, int32_t{0}, RD_KAFKA_VTYPE_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) answers[kafka_topic] = code;
  }
  for (int waited_ms = 0; waited_ms < kTimeoutMs && !stop.stop_requested(); waited_ms += kFlushMs) {
    if (rd_kafka_flush(client.get(), kFlushMs) == RD_KAFKA_RESP_ERR_NO_ERROR) break;
  }
  client.reset();
  return answers;
}

absl::StatusOr<rd_kafka_resp_err_t> ProbeTransactions(const ClientSettings& settings,
                                                      const std::string& transactional_id) {
  ASSIGN_OR_RETURN(Conf conf, ProducerConf(settings, transactional_id));
  ASSIGN_OR_RETURN(const Client client, Connect(RD_KAFKA_PRODUCER, std::move(conf)));
  const Error error(rd_kafka_init_transactions(client.get(), kTimeoutMs));
  return error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error.get());
}

}  // namespace tocsin::broker
