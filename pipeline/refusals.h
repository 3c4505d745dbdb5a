// Which record the broker refuses, found by halving: it refuses whole batches and names none.
//
//   refusals.Refused({.records = 812, .last = {"news.raw", 3, 99}, .refusal = Refusal::kTooLarge});
//   ... rewind; commit after at most refusals.records_max() records ...
//   refusals.Committed(next);
//   switch (refusals.RemedyFor(record)) ...
//
// Shape     a refused transaction halves the next one; one of a single record names the culprit,
//           which gets the next remedy: the article left out if it was too large, then a pointer
//           in the dead-letter Kafka topic. A commit doubles the next one.
// Cost      about 2·log2(n) transactions for a culprit among n; nothing while there is none.
// Errors    FailedPrecondition: even a pointer was refused.
// Threads   one.
#ifndef TOCSIN_PIPELINE_REFUSALS_H_
#define TOCSIN_PIPELINE_REFUSALS_H_

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/consume/offsets.h"
#include "pipeline/publish/sink.h"
#include "pipeline/record.h"

namespace tocsin {

enum class Remedy : uint8_t { kNone, kTruncate, kPointer };

class Refusals {
 public:
  // Where a record stands in its Kafka topic.
  struct Place {
    std::string kafka_topic;
    int32_t partition = 0;
    int64_t offset = -1;
  };

  // A transaction that was refused: how many records it came from, and the last of them.
  struct Case {
    size_t records = 0;
    Place last;
    Refusal refusal = Refusal::kNone;
    std::string why;
  };

  explicit Refusals(size_t records_max) : ceiling_(records_max), records_max_(records_max) {}

  absl::Status Refused(const Case& refused);
  void Committed(const Offsets& next);

  size_t records_max() const { return records_max_; }
  Remedy RemedyFor(const Record& record) const;
  std::string_view WhyRefused(const Record& record) const;

 private:
  struct Culprit {
    Place place;
    Remedy remedy;
    std::string why;
  };

  const Culprit* Find(std::string_view kafka_topic, int32_t partition, int64_t offset) const;

  size_t ceiling_;
  size_t records_max_;
  // One a partition at most: until it is committed, a later one is not reached. More than one in
  // all: after a rewind another partition may come first.
  std::vector<Culprit> culprits_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_REFUSALS_H_
