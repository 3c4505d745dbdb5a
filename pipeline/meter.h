// What a worker's loop counts: each call is an event of it.
//
//   meter.Polled(batch);
//   meter.Taken(record);           // and handled, then
//   meter.Done(record);
//   meter.Committed(next, records);
//
// Cost      Taken and Done: some nanoseconds; a search by Kafka topic only when it changes.
// Threads   one; the counters are read by others.
// Lifetime  the counters outlive it.
#ifndef TOCSIN_PIPELINE_METER_H_
#define TOCSIN_PIPELINE_METER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "pipeline/consume/offsets.h"
#include "pipeline/consume/record_batch.h"
#include "pipeline/counters.h"
#include "pipeline/latencies.h"
#include "pipeline/record.h"

namespace tocsin {

class Meter {
 public:
  explicit Meter(Counters* counters)
      : counters_(counters), latencies_(&counters->end_to_end, &counters->processing) {}

  void Enter(Stage stage) { counters_->stages.Enter(stage); }
  void Polled(const RecordBatch& batch);
  void Taken(const Record& record);
  void Done(const Record& record) { latencies_.Done(record.timestamp_ms); }
  void Committed(const Offsets& next, size_t records);
  void Failed();
  void Forgotten() { latencies_.Forgotten(); }  // what was done since the last commit

 private:
  Counters* const counters_;
  Latencies latencies_;

  int64_t polled_ms_ = 0;    // since the epoch
  std::string kafka_topic_;  // of the record taken last, and its counters
  Counter* consumed_ = nullptr;
  Counter* consumed_bytes_ = nullptr;
  Gauge* last_record_ms_ = nullptr;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_METER_H_
