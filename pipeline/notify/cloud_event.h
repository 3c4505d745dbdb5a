// A CloudEvent from Kafka's binary mode, as structured JSON: one object that HTTP carries whole.
//
//   ASSIGN_OR_RETURN(const CloudEvent event, ToCloudEvent(record));
//   Post(event.json);                        // {"specversion":"1.0","id":"…",…,"data":{…}}
//
// Shape     attributes in the order of their ce_ headers, extensions included; data: the value, byte
//           for byte. id: printable ASCII without blanks and full stops, so that it fits a header and
//           a signature.
// Cost      one pass over the value, a byte at a time: alerts are few and small.
// Errors    InvalidArgument: an attribute is missing, twice or malformed, or the value is no JSON; the
//           message names it, and does not quote it.
#ifndef TOCSIN_PIPELINE_NOTIFY_CLOUD_EVENT_H_
#define TOCSIN_PIPELINE_NOTIFY_CLOUD_EVENT_H_

#include <absl/status/statusor.h>

#include <string>

#include "pipeline/record.h"

namespace tocsin {

struct CloudEvent {
  std::string id;
  std::string json;
};

absl::StatusOr<CloudEvent> ToCloudEvent(const Record& record);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NOTIFY_CLOUD_EVENT_H_
