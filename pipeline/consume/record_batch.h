// The records of one Poll, with the bytes that they view.
//
//   batch.Append(record, headers, RecordBatch::Bytes(message.release(), &DestroyMessage));
//   for (const Record& record : batch.records()) ...
//
// Shape     records of one partition ascend by offset. Record::headers is set by Append.
// Cost      no allocation once it has grown to the largest batch.
// Lifetime  Clear, EraseIf or destruction release the bytes; a batch dies before the source that
//           filled it.
#ifndef TOCSIN_PIPELINE_CONSUME_RECORD_BATCH_H_
#define TOCSIN_PIPELINE_CONSUME_RECORD_BATCH_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "pipeline/record.h"

namespace tocsin {

class RecordBatch {
 public:
  // The owner of one record's bytes, whatever its type.
  using Bytes = std::unique_ptr<void, void (*)(void*)>;

  void Append(const Record& record, std::span<const Header> headers, Bytes bytes) {
    if (slots_.size() == records_.size()) slots_.emplace_back();
    Slot& slot = slots_[records_.size()];
    slot.headers.assign(headers.begin(), headers.end());
    slot.bytes = std::move(bytes);
    records_.push_back(record);
    records_.back().headers = slot.headers;
    value_bytes_ += record.value ? record.value->size() : 0;
  }

  // Drops the records for which the predicate holds.
  template <typename Predicate>
  void EraseIf(Predicate predicate) {
    size_t kept = 0;
    for (size_t i = 0; i < records_.size(); ++i) {
      if (predicate(records_[i])) {
        slots_[i].bytes.reset();
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
    for (size_t i = 0; i < records_.size(); ++i) slots_[i].bytes.reset();
    records_.clear();
    value_bytes_ = 0;
  }

  std::span<const Record> records() const { return records_; }
  bool empty() const { return records_.empty(); }
  size_t value_bytes() const { return value_bytes_; }  // of all that was appended since Clear

 private:
  // Moving or swapping a slot moves no Header, so the spans of its record stay good.
  struct Slot {
    std::vector<Header> headers;
    Bytes bytes{nullptr, [](void*) {}};
  };

  std::vector<Record> records_;
  std::vector<Slot> slots_;  // at least one a record; those beyond keep their capacity
  size_t value_bytes_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_RECORD_BATCH_H_
