#include "pipeline/broker/settings.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin::broker {
namespace {

constexpr int kVersionScramWorks = 0x020601ff;
constexpr int kVersionCooperative = 0x020a01ff;
constexpr int kVersionFetchQueueBackoff = 0x020200ff;
constexpr char kFetchQueueBackoffMs[] = "10";
constexpr size_t kErrorBytes = 512;
constexpr size_t kMessageBytes = 1'000'000;  // librdkafka's default

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
    {"compression.type", "lz4"},
    {"queue.buffering.max.messages", "10000000"},  // bytes are what bounds the queue
};

constexpr Setting kIdempotent[] = {
    {"message.timeout.ms", "30000"},
    {"linger.ms", "10"},
};

// A record gives up before the transaction does, so that the cause is known.
constexpr Setting kTransactional[] = {
    {"message.timeout.ms", "25000"},
    {"transaction.timeout.ms", "30000"},
    {"linger.ms", "50"},  // nobody sees them before the commit, which waits for no linger
};

struct BrokenVersion {
  int version;  // without its last byte, which tells release candidates apart
  const char* name;
  const char* why;
};

constexpr BrokenVersion kBroken[] = {
    {0x020500, "2.5.0", "a broker that asks for client metrics can end the process: LRK#4826"},
    {0x020a00, "2.10.0", "once all brokers were down it may never find them again: LRK#5088"},
};

// These load or run code that the operator's file names; OpenSSL takes a provider's path for a
// name.
constexpr std::string_view kRunsCode[] = {
    "plugin.library.paths",    "interceptors",  "ssl.providers",
    "ssl.engine.location",     "ssl.engine.id", "ssl_engine_callback_data",
    "sasl.kerberos.kinit.cmd",
};

// Delivery rests on these; and these are no text, though librdkafka takes some of them as one.
constexpr std::string_view kOwned[] = {
    "bootstrap.servers",
    "metadata.broker.list",
    "group.id",
    "group.instance.id",  // of one member: every worker would be the same one
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
    "enabled_events",
    "internal.termination.signal",
    "opaque",
    "default_topic_conf",
    "msg_order_cmp",
    "ssl_key",
    "ssl_certificate",
    "ssl_ca",
};

// Parts of the names of those whose values are secrets; rather too many than one too few.
constexpr std::string_view kSecret[] = {
    "password", "passphrase", "secret", "ssl.key.pem", "private.key.", "oauthbearer.config", "jaas",
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

absl::Status CheckName(const std::string& name) {
  if (Contains(kRunsCode, name)) {
    return absl::InvalidArgumentError(
        fmt::format("kafka property {}: denied, it would run code", name));
  }
  if (Contains(kOwned, name) || name.ends_with("_cb")) {
    return absl::InvalidArgumentError(fmt::format(
        "kafka property {}: set by Tocsin, delivery or memory_budget depends on it", name));
  }
  return absl::OkStatus();
}

std::string Get(const rd_kafka_conf_t* conf, const char* name) {
  std::array<char, kErrorBytes> value;
  size_t size = value.size();
  if (rd_kafka_conf_get(conf, name, value.data(), &size) != RD_KAFKA_CONF_OK) return "";
  return value.data();
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
  Conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), &Log);
  RETURN_IF_ERROR(SetAll(conf.get(), kCommon));
  RETURN_IF_ERROR(Set(conf.get(), "bootstrap.servers", settings.brokers.c_str()));
  return conf;
}

absl::Status SetProperties(const ClientSettings& settings, rd_kafka_conf_t* conf) {
  for (const auto& [name, value] : settings.properties) {
    RETURN_IF_ERROR(CheckName(name));
    RETURN_IF_ERROR(Set(conf, name.c_str(), value.c_str()));
  }
  for (const auto& [name, value] : settings.secrets) {
    RETURN_IF_ERROR(CheckName(name));
    // Its own words would quote the value.
    if (!Set(conf, name.c_str(), value.c_str()).ok()) {
      return absl::InvalidArgumentError(
          fmt::format("kafka property {}: librdkafka refuses what its file holds", name));
    }
  }
  return CheckVersion(rd_kafka_version(), Get(conf, "sasl.mechanisms"));
}

}  // namespace

bool IsCooperative() { return rd_kafka_version() >= kVersionCooperative; }

bool HasFetchQueueBackoff() { return rd_kafka_version() >= kVersionFetchQueueBackoff; }

absl::Status CheckProperties(const std::map<std::string, std::string>& properties) {
  const Conf scratch(rd_kafka_conf_new());
  return SetProperties({.brokers = "", .group = "", .properties = properties}, scratch.get());
}

absl::Status CheckSecret(const std::string& name) {
  RETURN_IF_ERROR(CheckName(name));
  const Conf scratch(rd_kafka_conf_new());
  if (rd_kafka_conf_set(scratch.get(), name.c_str(), "", nullptr, 0) != RD_KAFKA_CONF_UNKNOWN) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fmt::format("kafka property {}: there is none", name));
}

bool IsSecret(std::string_view name) {
  return std::any_of(std::begin(kSecret), std::end(kSecret), [&](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
}

// A dump of a configuration lacks aliases and what is not set; only the manual has all names.
std::vector<std::string> AllowedProperties() {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* const stream = open_memstream(&text, &size);
  if (stream == nullptr) return {};
  rd_kafka_conf_properties_show(stream);
  std::fclose(stream);
  const std::unique_ptr<char, Deleter<&std::free>> owned(text);
  std::vector<std::string> names;
  for (const absl::string_view line : absl::StrSplit(absl::string_view(text, size), '\n')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits('|', 1));
    const std::string name(absl::StripAsciiWhitespace(parts.first));
    const bool is_property = absl::StrContains(parts.second, '|') && name != "Property" &&
                             name.find('-') == std::string::npos;
    if (is_property && CheckName(name).ok()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> DeniedProperties() {
  std::vector<std::string> names(std::begin(kRunsCode), std::end(kRunsCode));
  names.insert(names.end(), std::begin(kOwned), std::end(kOwned));
  return names;
}

absl::Status CheckVersion(int version, std::string_view sasl_mechanism) {
  for (const BrokenVersion& broken : kBroken) {
    if (version >> 8 == broken.version) {
      return absl::InvalidArgumentError(fmt::format(
          "librdkafka {} is broken ({}): install another version", broken.name, broken.why));
    }
  }
  if (sasl_mechanism.find("SCRAM") != std::string_view::npos && version < kVersionScramWorks) {
    return absl::InvalidArgumentError(
        fmt::format("kafka property sasl.mechanisms: {} needs librdkafka 2.6.1 or later, this is "
                    "{}.{}.{} (Kafka 4 refuses its nonce: LRK#4895); use PLAIN over TLS, or client "
                    "certificates",
                    sasl_mechanism, version >> 24, version >> 16 & 0xff, version >> 8 & 0xff));
  }
  return absl::OkStatus();
}

OffsetReset OffsetResetOf(const ClientSettings& settings) {
  const auto found = settings.properties.find("auto.offset.reset");
  if (found == settings.properties.end()) return OffsetReset::kEarliest;
  if (found->second == "error") return OffsetReset::kError;
  const bool is_latest =
      found->second == "latest" || found->second == "largest" || found->second == "end";
  return is_latest ? OffsetReset::kLatest : OffsetReset::kEarliest;
}

absl::StatusOr<Conf> ConsumerConf(const ClientSettings& settings) {
  ASSIGN_OR_RETURN(Conf conf, MakeConf(settings));
  RETURN_IF_ERROR(SetAll(conf.get(), kConsumer));
  const Buffers& buffers = settings.buffers;
  RETURN_IF_ERROR(Set(conf.get(), "queued.max.messages.kbytes",
                      std::max(buffers.consumer_bytes >> 10, size_t{1})));
  RETURN_IF_ERROR(Set(conf.get(), "fetch.max.bytes", buffers.fetch_bytes));
  RETURN_IF_ERROR(Set(conf.get(), "fetch.message.max.bytes", buffers.fetch_bytes));
  if (HasFetchQueueBackoff()) {
    RETURN_IF_ERROR(Set(conf.get(), "fetch.queue.backoff.ms", kFetchQueueBackoffMs));
  }
  RETURN_IF_ERROR(Set(conf.get(), "group.id", settings.group.c_str()));
  RETURN_IF_ERROR(Set(conf.get(), "partition.assignment.strategy",
                      IsCooperative() ? "cooperative-sticky" : "range"));
  RETURN_IF_ERROR(SetProperties(settings, conf.get()));
  // It is the producer's; but a consumer with less for an answer than this is refused.
  RETURN_IF_ERROR(
      Set(conf.get(), "message.max.bytes", std::min(buffers.fetch_bytes, kMessageBytes)));
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

size_t NumberOf(rd_kafka_t* client, const char* property) {
  std::array<char, kErrorBytes> value{};
  size_t size = value.size();
  size_t number = 0;
  if (rd_kafka_conf_get(rd_kafka_conf(client), property, value.data(), &size) == RD_KAFKA_CONF_OK) {
    std::from_chars(value.data(), value.data() + size, number);
  }
  return number;
}

}  // namespace tocsin::broker
