// Whether the brokers let us in, and to what we are going to use: asked before anything starts.
//
//   RETURN_IF_ERROR(broker::CheckAccess(
//       settings, {.read = {"news.raw"}, .written = {"news.alerts"}}, stop));
//
// Shape     Kafka topics that are read are really fetched from, one partition each, and the group's
//           offsets are really asked for; those that are written are asked for only, as nothing but
//           writing tells whether we may: the first record does. One that does not exist is warned
//           of: it may be created later, by its owner or by the brokers.
// Cost      some round trips. Waits for brokers that cannot be reached, and says so.
// Errors    PermissionDenied: names the Kafka topic or group, and what to grant. Unauthenticated:
//           credentials or certificates were refused, and no broker took them. OK when stopped.
// Threads   any.
#ifndef TOCSIN_PIPELINE_BROKER_ACCESS_H_
#define TOCSIN_PIPELINE_BROKER_ACCESS_H_

#include <absl/status/status.h>

#include <stop_token>
#include <string>
#include <vector>

#include "pipeline/broker/settings.h"

namespace tocsin::broker {

struct Access {
  std::vector<std::string> read;     // Kafka topics
  std::vector<std::string> written;  // Kafka topics
};

absl::Status CheckAccess(const ClientSettings& settings, const Access& access,
                         const std::stop_token& stop);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_ACCESS_H_
