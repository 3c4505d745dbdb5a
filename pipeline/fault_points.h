// Where a process may die for the sake of a test: each step between two of Kafka's promises.
//
//   fault::Reach(fault::Point::kBeforeEndTransaction);
//
// Shape     does nothing. An executable that defines Reach itself (tests/broker/fault_injection.cc)
//           kills or stops itself there; the linker then leaves ours out.
// Cost      a call a step of a transaction, none a record.
#ifndef TOCSIN_PIPELINE_FAULT_POINTS_H_
#define TOCSIN_PIPELINE_FAULT_POINTS_H_

#include <cstdint>

namespace tocsin::fault {

enum class Point : uint8_t {
  kPoll,
  kBegin,
  kProduce,
  kMidFanOut,  // between two outputs of one article
  kBeforeSendOffsets,
  kAfterSendOffsets,
  kBeforeEndTransaction,
  kAfterEndTransaction,
  kBeforeAbort,
  kBeforeRewind,
  kAfterRewind,
  kBeforeRecycle,
  kAfterRecycle,
};

void Reach(Point point);

}  // namespace tocsin::fault

#endif  // TOCSIN_PIPELINE_FAULT_POINTS_H_
