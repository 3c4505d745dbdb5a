// An alert, or its being taken back, as a record: a CloudEvent in binary mode.
//
//   AlertEncoder encoder({.cluster = "eu-1", .kafka_topic = "news.alerts"});
//   sink->Publish(encoder.Encode(record, mention, alerted_ms));
//
// Shape     deploy/schema/alert-1.json describes the value. key: the story, so that what is said of
//           one story is in one partition. ce_id: as EventIdHasher, of the tagged record, so that
//           whoever sees an alert twice can tell. ce_source: /tocsin/<cluster>/<Kafka topic of the
//           record>. ce_time: when the alert was made, as `alerted` in the value.
// Units     milliseconds since 1970, UTC.
// Threads   one AlertEncoder a thread.
#ifndef TOCSIN_PIPELINE_ALERT_ALERT_ENCODER_H_
#define TOCSIN_PIPELINE_ALERT_ALERT_ENCODER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/publish/event_id.h"
#include "pipeline/record.h"

namespace tocsin {

struct Mention {
  uint64_t story = 0;
  std::string_view topic;
  std::vector<std::string_view> rules;
  std::string_view headline;
  std::string_view sentence;
  std::string_view url;
  std::string_view source;
  std::string_view language;
  std::string_view article;    // its id
  std::string_view published;  // RFC 3339; empty: unknown
  int64_t seen_ms = 0;
  std::string_view reason;  // why the alert is taken back; empty: it is one
};

struct AlertEncoderOptions {
  std::string cluster;
  std::string kafka_topic;
};

class AlertEncoder {
 public:
  explicit AlertEncoder(AlertEncoderOptions options) : options_(std::move(options)) {}

  OutputRecord Encode(const Record& record, const Mention& mention, int64_t alerted_ms);

 private:
  const AlertEncoderOptions options_;
  EventIdHasher event_ids_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_ALERT_ENCODER_H_
