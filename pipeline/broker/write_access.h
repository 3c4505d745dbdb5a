// Whether the brokers would take what we write, found out without writing anything.
//
//   RETURN_IF_ERROR(broker::CheckWrites(settings, {"news.alerts"}, stop));
//   ASSIGN_OR_RETURN(const auto answers, ProbeWrites(settings, {"news.alerts"}));
//   ASSIGN_OR_RETURN(const rd_kafka_resp_err_t answer, ProbeTransactions(settings, "tocsin.check"));
//
// Shape     a record is sent that demands two acknowledgements: brokers look at our rights first,
//           then refuse it, as only none, one and all can be demanded. An answer of
//           INVALID_REQUIRED_ACKS says that we may. Brokers that create Kafka topics for their
//           first record create them for this one, too. Of a transactional id the producer is
//           initialized, which would fence whoever uses it.
// Errors    InvalidArgument: settings that no producer takes. CheckWrites: FailedPrecondition, a
//           Kafka topic does not exist; PermissionDenied; Unavailable, no answer, as when stopped.
//           It names all of them, and has the code of the first.
// Threads   any; blocks for ten seconds at most.
#ifndef TOCSIN_PIPELINE_BROKER_WRITE_ACCESS_H_
#define TOCSIN_PIPELINE_BROKER_WRITE_ACCESS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <map>
#include <set>
#include <stop_token>
#include <string>

#include "pipeline/broker/settings.h"

namespace tocsin::broker {

absl::Status CheckWrites(const ClientSettings& settings, const std::set<std::string>& kafka_topics,
                         const std::stop_token& stop);

absl::StatusOr<std::map<std::string, rd_kafka_resp_err_t>> ProbeWrites(
    const ClientSettings& settings, const std::set<std::string>& kafka_topics,
    const std::stop_token& stop = {});

absl::StatusOr<rd_kafka_resp_err_t> ProbeTransactions(const ClientSettings& settings,
                                                      const std::string& transactional_id);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_WRITE_ACCESS_H_
