// How a Kafka topic is set up.
//
//   ASSIGN_OR_RETURN(const TopicSetup setup, AskTopicSetup(settings, "news.alerts.state"));
//   if (setup.cleanup_policy == "compact") ...
//
// Shape     cleanup_policy: as Kafka writes it; empty if we may not ask (DESCRIBE_CONFIGS).
// Errors    NotFound: no such Kafka topic. Unavailable: the brokers did not answer in time.
// Threads   any.
#ifndef TOCSIN_PIPELINE_BROKER_TOPIC_CONFIG_H_
#define TOCSIN_PIPELINE_BROKER_TOPIC_CONFIG_H_

#include <absl/status/statusor.h>

#include <string>

#include "pipeline/broker/settings.h"

namespace tocsin::broker {

struct TopicSetup {
  int partitions = 0;
  std::string cleanup_policy;
};

absl::StatusOr<TopicSetup> AskTopicSetup(const ClientSettings& settings,
                                         const std::string& kafka_topic);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_TOPIC_CONFIG_H_
