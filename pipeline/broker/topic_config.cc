#include "pipeline/broker/topic_config.h"

#include <fmt/format.h>

#include <string_view>

#include "pipeline/broker/extents.h"
#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

constexpr int kTimeoutMs = 15'000;
constexpr std::string_view kCleanupPolicy = "cleanup.policy";

absl::StatusOr<std::string> AskCleanupPolicy(rd_kafka_t* client, const std::string& kafka_topic) {
  const ConfigResource asked(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, kafka_topic.c_str()));
  const AdminOptions options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  const Queue queue(rd_kafka_queue_new(client));
  rd_kafka_ConfigResource_t* all[] = {asked.get()};
  rd_kafka_DescribeConfigs(client, all, 1, options.get(), queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), kTimeoutMs));
  rd_kafka_resp_err_t code =
      event == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT : rd_kafka_event_error(event.get());
  size_t count = 0;
  const rd_kafka_ConfigResource_t** answers = nullptr;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    answers = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    if (count == 1) code = rd_kafka_ConfigResource_error(answers[0]);
  }
  if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) return "";
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || count != 1) {
    return absl::UnavailableError(
        fmt::format("the setup of Kafka topic {}: {}", kafka_topic, rd_kafka_err2str(code)));
  }
  size_t entry_count = 0;
  const rd_kafka_ConfigEntry_t** const entries =
      rd_kafka_ConfigResource_configs(answers[0], &entry_count);
  for (size_t i = 0; i < entry_count; ++i) {
    const char* const value = rd_kafka_ConfigEntry_value(entries[i]);
    if (rd_kafka_ConfigEntry_name(entries[i]) == kCleanupPolicy && value != nullptr) return value;
  }
  return "";
}

}  // namespace

absl::StatusOr<TopicSetup> AskTopicSetup(const ClientSettings& settings,
                                         const std::string& kafka_topic) {
  ASSIGN_OR_RETURN(Conf conf, ConsumerConf(settings));
  ASSIGN_OR_RETURN(const Client client, Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  TopicSetup setup;
  ASSIGN_OR_RETURN(setup.partitions, CountPartitions(client.get(), kafka_topic, kTimeoutMs));
  ASSIGN_OR_RETURN(setup.cleanup_policy, AskCleanupPolicy(client.get(), kafka_topic));
  return setup;
}

}  // namespace tocsin::broker
