#include "pipeline/meter.h"

#include <chrono>

namespace tocsin {
namespace {

template <typename Clock>
int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Meter::Polled(const RecordBatch& batch) {
  if (batch.empty()) return;
  latencies_.Polled();
  polled_ms_ = NowMs<std::chrono::system_clock>();
}

void Meter::Taken(const Record& record) {
  if (consumed_ == nullptr || kafka_topic_ != record.kafka_topic) {
    kafka_topic_ = record.kafka_topic;
    consumed_ = &counters_->consumed.At({kafka_topic_});
    consumed_bytes_ = &counters_->consumed_bytes.At({kafka_topic_});
    last_record_ms_ = &counters_->last_record_ms.At({kafka_topic_});
  }
  consumed_->Add(1);
  if (record.value) consumed_bytes_->Add(record.value->size());
  last_record_ms_->Set(polled_ms_);
}

void Meter::Committed(const Offsets& next, size_t records) {
  latencies_.Committed();
  counters_->lags.NoteCommitted(next);
  counters_->commits.Add(1);
  counters_->committed_records.Add(records);
  counters_->failing_since_ms.Set(0);
}

void Meter::Failed() {
  counters_->rewinds.Add(1);
  if (counters_->failing_since_ms.value() == 0) {
    counters_->failing_since_ms.Set(NowMs<std::chrono::steady_clock>());
  }
}

}  // namespace tocsin
