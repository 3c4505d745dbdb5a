#include "pipeline/broker/settings.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

constexpr int kVersionScramWorks =
    0x020601ff;  // LRK#4895: brokers 4.x refuse the nonce of earlier ones
constexpr int kVersionCooperative = 0x020a01ff;
constexpr int kVersionBrokenFirst = 0x020a0000;  // LRK#5088: 2.10.0 alone
constexpr size_t kErrorBytes = 512;

struct Setting {
  const char* name;
  const char* value;
};

constexpr Setting kCommon[] = {
    {"client.id", "tocsin"},
    {"socket.nagle.disable", "true"},  // on by default before 2.10.0: LRK#4986
    {"log.connection.close", "false"},
};

constexpr Setting kConsumer[] = {
    {"isolation.level", "read_committed"},
    {"auto.offset.reset", "earliest"},  // the default, largest, loses records without a word
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"queued.min.messages", "10000000"},  // bytes are what bounds the queue
};

constexpr Setting kProducer[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"},  // as Java producers: a key keeps its partition
    {"linger.ms", "10"},
    {"compression.type", "lz4"},
    {"queue.buffering.max.messages", "10000000"},  // bytes are what bounds the queue
};

constexpr Setting kIdempotent[] = {{"message.timeout.ms", "30000"}};

// A record gives up before the transaction does, so that the cause is known.
constexpr Setting kTransactional[] = {
    {"message.timeout.ms", "25000"},
    {"transaction.timeout.ms", "30000"},
};

// These load or run code that the operator's file names.
constexpr std::string_view kRunsCode[] = {
    "plugin.library.paths",
    "ssl.engine.location",
    "ssl_engine_callback_data",
    "sasl.kerberos.kinit.cmd",
};

// Delivery rests on these.
constexpr std::string_view kOwned[] = {
    "bootstrap.servers",
    "metadata.broker.list",
    "group.id",
    "group.protocol",
    "partition.assignment.strategy",
    "enable.auto.commit",
    "auto.commit.enable",
    "auto.commit.interval.ms",
    "enable.auto.offset.store",
    "isolation.level",
    "enable.partition.eof",
    "enable.idempotence",
    "enable.gapless.guarantee",
    "acks",
    "request.required.acks",
    "transactional.id",
    "transaction.timeout.ms",
    "delivery.report.only.error",
    "queued.min.messages",
    "queued.max.messages.kbytes",
    "fetch.max.bytes",
    "fetch.message.max.bytes",
    "max.partition.fetch.bytes",
    "queue.buffering.max.messages",
    "queue.buffering.max.kbytes",
    "log.queue",
    "test.mock.num.brokers",
    "test.mock.broker.rtt",
    "opaque",
};

template <size_t kSize>
bool Contains(const std::string_view (&names)[kSize], std::string_view name) {
  for (const std::string_view each : names) {
    if (each == name) return true;
  }
  return false;
}

absl::Status Set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  std::array<char, kErrorBytes> error;
  if (rd_kafka_conf_set(conf, name, value, error.data(), error.size()) == RD_KAFKA_CONF_OK) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fmt::format("kafka property {}: {}", name, error.data()));
}

template <size_t kSize>
absl::Status SetAll(rd_kafka_conf_t* conf, const Setting (&settings)[kSize]) {
  for (const Setting& setting : settings) {
    RETURN_IF_ERROR(Set(conf, setting.name, setting.value));
  }
  return absl::OkStatus();
}

absl::Status Set(rd_kafka_conf_t* conf, const char* name, size_t value) {
  return Set(conf, name, std::to_string(value).c_str());
}

absl::Status CheckProperty(const std::string& name, const std::string& value) {
  if (Contains(kRunsCode, name)) {
    return absl::InvalidArgumentError(
        fmt::format("kafka property {}: denied, it would run code", name));
  }
  if (Contains(kOwned, name) || name.ends_with("_cb")) {
    return absl::InvalidArgumentError(fmt::format(
        "kafka property {}: set by Tocsin, delivery or memory_budget depends on it", name));
  }
  const bool is_mechanism = name == "sasl.mechanisms" || name == "sasl.mechanism";
  if (is_mechanism && value.starts_with("SCRAM") && rd_kafka_version() < kVersionScramWorks) {
    return absl::InvalidArgumentError(fmt::format(
        "kafka property {}: SCRAM needs librdkafka 2.6.1 or later, this is {} (its nonce is "
        "refused by Kafka 4: LRK#4895)",
        name, rd_kafka_version_str()));
  }
  return absl::OkStatus();
}

void Log(const rd_kafka_t* /*client*/, int level, const char* facility, const char* message) {
  constexpr std::array kLevels = {spdlog::level::critical, spdlog::level::critical,
                                  spdlog::level::critical, spdlog::level::err,
                                  spdlog::level::warn,     spdlog::level::info,
                                  spdlog::level::info,     spdlog::level::debug};
  const bool is_valid = level >= 0 && level < static_cast<int>(kLevels.size());
  spdlog::level::level_enum severity = is_valid ? kLevels[level] : spdlog::level::info;
  // The same properties are given to consumers and producers: that one ignores the other's is no
  // news.
  if (std::string_view(facility) == "CONFWARN") severity = spdlog::level::debug;
  spdlog::log(severity, "kafka: {}: {}", facility, message);
}

absl::StatusOr<Conf> MakeConf(const ClientSettings& settings) {
  const int version = rd_kafka_version();
  if (version >= kVersionBrokenFirst && version < kVersionCooperative) {
    return absl::InvalidArgumentError(
        "librdkafka 2.10.0 is broken (LRK#5088): install an earlier or a later one");
  }
  Conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), &Log);
  RETURN_IF_ERROR(SetAll(conf.get(), kCommon));
  RETURN_IF_ERROR(Set(conf.get(), "bootstrap.servers", settings.brokers.c_str()));
  return conf;
}

absl::Status SetProperties(const ClientSettings& settings, rd_kafka_conf_t* conf) {
  for (const auto& [name, value] : settings.properties) {
    RETURN_IF_ERROR(CheckProperty(name, value));
    RETURN_IF_ERROR(Set(conf, name.c_str(), value.c_str()));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsCooperative() { return rd_kafka_version() >= kVersionCooperative; }

absl::Status CheckProperties(const std::map<std::string, std::string>& properties) {
  const Conf scratch(rd_kafka_conf_new());
  return SetProperties({.brokers = "", .group = "", .properties = properties}, scratch.get());
}

absl::StatusOr<Conf> ConsumerConf(const ClientSettings& settings) {
  ASSIGN_OR_RETURN(Conf conf, MakeConf(settings));
  RETURN_IF_ERROR(SetAll(conf.get(), kConsumer));
  const Buffers& buffers = settings.buffers;
  RETURN_IF_ERROR(Set(conf.get(), "queued.max.messages.kbytes",
                      std::max(buffers.consumer_bytes >> 10, size_t{1})));
  RETURN_IF_ERROR(Set(conf.get(), "fetch.max.bytes", buffers.fetch_bytes));
  RETURN_IF_ERROR(Set(conf.get(), "fetch.message.max.bytes", buffers.fetch_bytes));
  RETURN_IF_ERROR(Set(conf.get(), "group.id", settings.group.c_str()));
  RETURN_IF_ERROR(Set(conf.get(), "partition.assignment.strategy",
                      IsCooperative() ? "cooperative-sticky" : "range"));
  RETURN_IF_ERROR(SetProperties(settings, conf.get()));
  return conf;
}

absl::StatusOr<Conf> ProducerConf(const ClientSettings& settings,
                                  const std::string& transactional_id) {
  ASSIGN_OR_RETURN(Conf conf, MakeConf(settings));
  RETURN_IF_ERROR(SetAll(conf.get(), kProducer));
  RETURN_IF_ERROR(Set(conf.get(), "queue.buffering.max.kbytes",
                      std::max(settings.buffers.producer_bytes >> 10, size_t{1})));
  if (transactional_id.empty()) {
    RETURN_IF_ERROR(SetAll(conf.get(), kIdempotent));
  } else {
    RETURN_IF_ERROR(SetAll(conf.get(), kTransactional));
    RETURN_IF_ERROR(Set(conf.get(), "transactional.id", transactional_id.c_str()));
  }
  RETURN_IF_ERROR(SetProperties(settings, conf.get()));
  return conf;
}

absl::StatusOr<Client> Connect(rd_kafka_type_t type, Conf conf) {
  std::array<char, kErrorBytes> error;
  Client client(rd_kafka_new(type, conf.get(), error.data(), error.size()));
  if (client == nullptr) {
    return absl::InvalidArgumentError(fmt::format("kafka client: {}", error.data()));
  }
  static_cast<void>(conf.release());  // taken over by rd_kafka_new, on success only
  return client;
}

}  // namespace tocsin::broker
