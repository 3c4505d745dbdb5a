// How our clients are set up: what reliability demands, then what the operator asks for.
//
//   ASSIGN_OR_RETURN(Conf conf, ConsumerConf(settings));
//   rd_kafka_conf_set_opaque(conf.get(), this);
//   ASSIGN_OR_RETURN(Client client, Connect(RD_KAFKA_CONSUMER, std::move(conf)));
//
// Shape     properties: librdkafka's names; for consumers and producers alike. secrets: the same;
//           no message names their values.
// Errors    InvalidArgument, naming the property: unknown, a value it refuses, one that runs code,
//           or one that we own because delivery or bounded memory depends on it; or a librdkafka
//           that is known to fail.
#ifndef TOCSIN_PIPELINE_BROKER_SETTINGS_H_
#define TOCSIN_PIPELINE_BROKER_SETTINGS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/broker/handles.h"

namespace tocsin::broker {

// What librdkafka may hold for one worker: fetched and not yet polled, produced and not yet
// acknowledged.
struct Buffers {
  size_t consumer_bytes = size_t{16} << 20;
  size_t fetch_bytes = size_t{2} << 20;  // of one answer, as it travels: compressed
  size_t producer_bytes = size_t{64} << 20;
};

struct ClientSettings {
  std::string brokers;  // host:port, comma-separated
  std::string group;    // of consumers
  std::map<std::string, std::string> properties;
  Buffers buffers = {};
  std::map<std::string, std::string> secrets = {};
};

// Of a consumer: auto.offset.reset.
enum class OffsetReset : uint8_t { kEarliest, kLatest, kError };
OffsetReset OffsetResetOf(const ClientSettings& settings);

absl::StatusOr<Conf> ConsumerConf(const ClientSettings& settings);

// Without a transactional id: idempotent.
absl::StatusOr<Conf> ProducerConf(const ClientSettings& settings,
                                  const std::string& transactional_id);
absl::StatusOr<Client> Connect(rd_kafka_type_t type, Conf conf);

// Whether the consumer joins with cooperative rebalancing; eager before 2.10.1, which fixed the
// last of its known hangs and lost assignments (LRK#4381, #4528, #4800, #4908).
bool IsCooperative();

// Whether how soon a full queue is looked at again can be set; else a FetchWaker is needed.
bool HasFetchQueueBackoff();

// Whether the operator's properties alone would be taken; of a secret only the name is known.
absl::Status CheckProperties(const std::map<std::string, std::string>& properties);
absl::Status CheckSecret(const std::string& name);

// Whether a property's value is for nobody's eyes: passwords, keys, tokens.
bool IsSecret(std::string_view name);

// The names of this librdkafka's properties that an operator may set; those that we refuse.
std::vector<std::string> AllowedProperties();
std::vector<std::string> DeniedProperties();

// What a client has been given for a property that is a number.
size_t NumberOf(rd_kafka_t* client, const char* property);

// Whether a librdkafka (as rd_kafka_version) can do what we ask of it, with a SASL mechanism.
absl::Status CheckVersion(int version, std::string_view sasl_mechanism);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_SETTINGS_H_
