// The transaction protocol as librdkafka carries it out.
//
//   TransactionalProducer client(producer.get());
//   Transaction transaction(&client, "tocsin.host-a.0");
//
// Shape     librdkafka's errors as verdicts: retriable, abortable, fatal; what it does not classify
//           counts as fatal (its INTRODUCTION.md, "Transactional producer").
// Cost      Init returns within seconds, the others when the broker has answered, or the
//           transaction has timed out.
// Threads   one.
// Lifetime  the producer outlives it.
#ifndef TOCSIN_PIPELINE_PUBLISH_TRANSACTIONAL_PRODUCER_H_
#define TOCSIN_PIPELINE_PUBLISH_TRANSACTIONAL_PRODUCER_H_

#include "pipeline/publish/producer.h"
#include "pipeline/publish/transaction.h"

namespace tocsin {

class TransactionalProducer final : public TransactionClient {
 public:
  explicit TransactionalProducer(Producer* producer) : producer_(producer) {}

  TransactionReply Init() override;
  TransactionReply Begin() override;
  TransactionReply SendOffsets(const Offsets& next, const GroupMembership& membership) override;
  TransactionReply End() override;
  TransactionReply Abort() override;
  TransactionReply Replace() override;
  bool TakeDisturbance() override;

  // Whether the open transaction has failed because a Kafka topic may not be written to: what
  // librdkafka purges for that reason says only that it was purged.
  bool IsDenied() const;

 private:
  Producer* const producer_;
  bool was_slow_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_TRANSACTIONAL_PRODUCER_H_
