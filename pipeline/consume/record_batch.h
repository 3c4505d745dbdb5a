// The records of one Poll, with the bytes that they view.
//
//   batch.Append(record, RecordBatch::Bytes(message.release(), &DestroyMessage), &ReadHeaders);
//   for (const Record& record : batch.records()) ...
//
// Shape     records of one partition ascend by offset. Record::headers is set by Append: what is read
//           of the bytes, none without a reader. An end says that no record is wanted between the last
//           one and that offset, nor any beyond it.
// Cost      no allocation once it has grown to the largest batch.
// Lifetime  Clear, Erase or destruction release the bytes; a batch dies before the source that
//           filled it.
#ifndef TOCSIN_PIPELINE_CONSUME_RECORD_BATCH_H_
#define TOCSIN_PIPELINE_CONSUME_RECORD_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/consume/offsets.h"
#include "pipeline/record.h"

namespace tocsin {

class RecordBatch {
 public:
  // The owner of one record's bytes, whatever its type.
  using Bytes = std::unique_ptr<void, void (*)(void*)>;

  void Append(const Record& record, Bytes bytes, LateHeaders::Read read_headers = nullptr) {
    if (slots_.size() == records_.size()) slots_.push_back(std::make_unique<Slot>());
    Slot& slot = *slots_[records_.size()];
    slot.headers.Reset(bytes.get(), read_headers);
    slot.bytes = std::move(bytes);
    records_.push_back(record);
    records_.back().headers = Headers(&slot.headers);
    value_bytes_ += record.value ? record.value->size() : 0;
  }

  void AppendEnd(std::string_view kafka_topic, int32_t partition, int64_t offset) {
    ends_.push_back(
        {.kafka_topic = std::string(kafka_topic), .partition = partition, .offset = offset});
  }

  // Drops what is of the partitions for which the predicate holds.
  template <typename Predicate>
  void Erase(Predicate predicate) {
    std::erase_if(ends_, [&](const PartitionOffset& end) {
      return predicate(end.kafka_topic, end.partition);
    });
    size_t kept = 0;
    for (size_t i = 0; i < records_.size(); ++i) {
      if (predicate(records_[i].kafka_topic, records_[i].partition)) {
        slots_[i]->bytes.reset();
        continue;
      }
      if (kept != i) {
        records_[kept] = records_[i];
        std::swap(slots_[kept], slots_[i]);
      }
      ++kept;
    }
    records_.resize(kept);
  }

  void Clear() {
    for (size_t i = 0; i < records_.size(); ++i) slots_[i]->bytes.reset();
    records_.clear();
    ends_.clear();
    value_bytes_ = 0;
  }

  std::span<const Record> records() const { return records_; }
  std::span<const PartitionOffset> ends() const { return ends_; }
  bool empty() const { return records_.empty(); }
  size_t value_bytes() const { return value_bytes_; }  // of all that was appended since Clear

 private:
  // Stays where it is, for its record points to its headers.
  struct Slot {
    LateHeaders headers;
    Bytes bytes{nullptr, [](void*) {}};
  };

  std::vector<Record> records_;
  std::vector<std::unique_ptr<Slot>> slots_;  // at least one a record; the rest are for later
  std::vector<PartitionOffset> ends_;
  size_t value_bytes_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_RECORD_BATCH_H_
