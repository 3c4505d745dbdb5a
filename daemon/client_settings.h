// What the layers below are told of the configuration: how a worker's Kafka clients are set up, and
// by what names they go.
//
//   ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
//
// Errors    NotFound: a secret's file, or /etc/machine-id, cannot be read or is empty.
#ifndef TOCSIN_DAEMON_CLIENT_SETTINGS_H_
#define TOCSIN_DAEMON_CLIENT_SETTINGS_H_

#include <absl/status/statusor.h>

#include <string>

#include "daemon/config.h"
#include "pipeline/broker/settings.h"

namespace tocsin {

// What the file holds, line breaks at its end left off; relative to $CREDENTIALS_DIRECTORY, if there
// is one. key: of the configuration, for the message.
absl::StatusOr<std::string> ReadSecret(const std::string& key, const std::string& file);

// As one worker of the configured number sets up its clients.
absl::StatusOr<broker::ClientSettings> ClientSettingsOf(const Config& config);

// What tells this machine from others: a hash of /etc/machine-id, as machine-id(5) demands.
absl::StatusOr<std::string> DefaultInstance();

// <group>.<instance>.<part>; the instance configured, else the default one.
absl::StatusOr<std::string> TransactionalId(const Config& config, const std::string& part);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CLIENT_SETTINGS_H_
