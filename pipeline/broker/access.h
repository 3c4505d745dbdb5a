// Whether the brokers let us in, and to what we are going to use: asked before anything starts.
//
//   RETURN_IF_ERROR(broker::CheckAccess(
//       settings, {.read = {"news.raw"}, .written = {"news.alerts"}}, stop));
//   ASSIGN_OR_RETURN(const AccessReport report, broker::ProbeAccess(settings, access));
//
// Shape     Kafka topics that are read are really fetched from, one partition each, and the group's
//           offsets are really asked for. CheckAccess asks for those that are written only, as none
//           but writing tells whether we may: the first record does; one that does not exist is
//           warned of: it may be created later, by its owner or by the brokers. ProbeAccess finds
//           out all of it, with requests that the brokers refuse after they looked at our rights,
//           and leaves nothing behind but a transactional id.
// Cost      some round trips. CheckAccess waits for brokers that cannot be reached, and says so;
//           ProbeAccess for fifteen seconds.
// Errors    PermissionDenied: names every Kafka topic and group, and what to grant.
//           Unauthenticated: credentials or certificates were refused, and no broker took them. OK
//           when stopped. ProbeAccess: InvalidArgument only, settings that no client takes; what
//           the brokers say is in its report.
// Threads   any.
#ifndef TOCSIN_PIPELINE_BROKER_ACCESS_H_
#define TOCSIN_PIPELINE_BROKER_ACCESS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "pipeline/broker/settings.h"

namespace tocsin::broker {

struct Access {
  std::vector<std::string> read;      // Kafka topics
  std::vector<std::string> written;   // Kafka topics
  std::string transactional_id = {};  // one that nobody uses; empty: none is needed
};

struct AccessFinding {
  enum class Kind : uint8_t {
    kUnreachable,  // or without an answer
    kRefused,      // our credentials, or their certificate
    kMissing,
    kDenied,
  };
  enum class Resource : uint8_t { kBrokers, kKafkaTopic, kGroup, kTransactionalId };

  Kind kind = Kind::kDenied;
  Resource resource = Resource::kKafkaTopic;
  std::string name;
  std::vector<std::string> operations = {};  // to grant, as Kafka names them: READ
  std::string reason = {};                   // in librdkafka's words
};

struct AccessReport {
  std::vector<AccessFinding> findings;  // none: all is there
  int partitions_max = 0;               // of the Kafka topics that are there
  int brokers = 0;                      // in the cluster; 0: none answered
};

absl::Status CheckAccess(const ClientSettings& settings, const Access& access,
                         const std::stop_token& stop);

absl::StatusOr<AccessReport> ProbeAccess(const ClientSettings& settings, const Access& access);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_ACCESS_H_
