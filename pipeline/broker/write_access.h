// Whether the brokers would take what we write, found out without writing anything.
//
//   ASSIGN_OR_RETURN(const auto answers, ProbeWrites(settings, {"news.alerts"}));
//   ASSIGN_OR_RETURN(const rd_kafka_resp_err_t answer, ProbeTransactions(settings, "tocsin.check"));
//
// Shape     a record is sent that demands two acknowledgements: brokers look at our rights first,
//           then refuse it, as only none, one and all can be demanded. An answer of
//           INVALID_REQUIRED_ACKS says that we may. The Kafka topics exist: else brokers that
//           create them would. Of a transactional id the producer is initialized, which would fence
//           whoever uses it.
// Errors    InvalidArgument: settings that no producer takes.
// Threads   any; blocks for ten seconds at most.
#ifndef TOCSIN_PIPELINE_BROKER_WRITE_ACCESS_H_
#define TOCSIN_PIPELINE_BROKER_WRITE_ACCESS_H_

#include <absl/status/statusor.h>

#include <map>
#include <set>
#include <string>

#include "pipeline/broker/settings.h"

namespace tocsin::broker {

absl::StatusOr<std::map<std::string, rd_kafka_resp_err_t>> ProbeWrites(
    const ClientSettings& settings, const std::set<std::string>& kafka_topics);

absl::StatusOr<rd_kafka_resp_err_t> ProbeTransactions(const ClientSettings& settings,
                                                      const std::string& transactional_id);

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_WRITE_ACCESS_H_
