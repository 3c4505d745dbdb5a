// How our clients are set up: what reliability demands, then what the operator asks for.
//
//   ASSIGN_OR_RETURN(Conf conf, ConsumerConf(settings));
//   rd_kafka_conf_set_opaque(conf.get(), this);
//   ASSIGN_OR_RETURN(Client client, Connect(RD_KAFKA_CONSUMER, std::move(conf)));
//
// Shape     properties: librdkafka's names; for consumers and producers alike.
// Errors    InvalidArgument, naming the property: unknown, a value it refuses, one that runs code,
//           or one that we own because delivery depends on it; or SASL SCRAM with a librdkafka that
//           cannot.
#ifndef TOCSIN_PIPELINE_BROKER_SETTINGS_H_
#define TOCSIN_PIPELINE_BROKER_SETTINGS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <map>
#include <string>

#include "pipeline/broker/handles.h"

namespace tocsin::broker {

struct ClientSettings {
  std::string brokers;  // host:port, comma-separated
  std::string group;    // of consumers
  std::map<std::string, std::string> properties;
};

absl::StatusOr<Conf> ConsumerConf(const ClientSettings& settings);
absl::StatusOr<Conf> ProducerConf(const ClientSettings& settings);
absl::StatusOr<Client> Connect(rd_kafka_type_t type, Conf conf);

// Whether the consumer joins with cooperative rebalancing; eager before 2.10.1, which fixed the
// last of its known hangs and lost assignments (LRK#4381, #4528, #4800, #4908).
bool IsCooperative();

// Whether the operator's properties alone would be taken.
absl::Status CheckProperties(const std::map<std::string, std::string>& properties);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_SETTINGS_H_
