#include "daemon/client_settings.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr char kMachineId[] = "/etc/machine-id";
constexpr size_t kInstanceBytes = 6;

// Of a worker's share. A fetched answer may hold twenty times its size once it is decompressed, and
// one may be under way from each of three brokers.
constexpr size_t kConsumerShare = 16;
constexpr size_t kFetchShare = 512;
constexpr size_t kProducerShare = 4;

}  // namespace

absl::StatusOr<std::string> ReadSecret(const std::string& key, const std::string& file) {
  std::string path = file;
  const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (!path.starts_with('/') && directory != nullptr) path = fmt::format("{}/{}", directory, file);
  std::ifstream stream(path);
  std::string secret(std::istreambuf_iterator<char>(stream), {});
  if (!stream.good() && !stream.eof()) secret.clear();
  while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
  if (!secret.empty()) return secret;
  return absl::NotFoundError(
      fmt::format("{}: {} cannot be read, or is empty; name a file, or a credential of the unit "
                  "(LoadCredential=)",
                  key, path));
}

absl::StatusOr<broker::ClientSettings> ClientSettingsOf(const Config& config) {
  const size_t share = config.memory_budget / config.workers;
  broker::ClientSettings settings = {.brokers = config.brokers,
                                     .group = config.group,
                                     .properties = config.kafka,
                                     .buffers = {.consumer_bytes = share / kConsumerShare,
                                                 .fetch_bytes = share / kFetchShare,
                                                 .producer_bytes = share / kProducerShare}};
  for (const auto& [property, file] : config.kafka_secrets) {
    ASSIGN_OR_RETURN(settings.secrets[property], ReadSecret("kafka_secrets: " + property, file));
  }
  return settings;
}

absl::StatusOr<std::string> DefaultInstance() {
  std::ifstream file(kMachineId);
  std::string id;
  file >> id;
  if (id.empty()) {
    return absl::NotFoundError(
        fmt::format("{} is missing or empty: set `instance` in the configuration, a name of its "
                    "own for each process of the group",
                    kMachineId));
  }
  id += "tocsin";  // the id itself is not to be shown: machine-id(5)
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(id.data()), id.size(), digest.data());
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + kInstanceBytes, ""));
}

absl::StatusOr<std::string> TransactionalId(const Config& config, const std::string& part) {
  std::string instance = config.instance;
  if (instance.empty()) {
    ASSIGN_OR_RETURN(instance, DefaultInstance());
  }
  return fmt::format("{}.{}.{}", config.group, instance, part);
}

}  // namespace tocsin
