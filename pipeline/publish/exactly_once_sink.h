// Exactly once: outputs, dead letters and offsets commit in one transaction.
//
//   ASSIGN_OR_RETURN(auto sink, ExactlyOnceSink::Connect({.client = settings,
//       .transactional_id = "tocsin.host-a.0"}, "news.dead-letter", &counters));
//
// Shape     outputs are held until the commit is due, or there are many: a transaction begins with
//           the first that is sent. Readers must read committed records only
//           (isolation.level=read_committed).
// Errors    Connect: InvalidArgument; else as of Sink and Transaction.
// Threads   as of Producer.
#ifndef TOCSIN_PIPELINE_PUBLISH_EXACTLY_ONCE_SINK_H_
#define TOCSIN_PIPELINE_PUBLISH_EXACTLY_ONCE_SINK_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/counters.h"
#include "pipeline/publish/producer.h"
#include "pipeline/publish/sink.h"
#include "pipeline/publish/transaction.h"
#include "pipeline/publish/transactional_producer.h"

namespace tocsin {

class ExactlyOnceSink final : public Sink {
 public:
  static absl::StatusOr<std::unique_ptr<ExactlyOnceSink>> Connect(
      ProducerOptions options, std::string dead_letter_kafka_topic, Counters* counters);

  absl::Status Prepare() override { return transaction_.Prepare(); }
  absl::Status Publish(const OutputRecord& output) override;
  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override;
  absl::Status Commit(Source& source, const Offsets& next) override;
  absl::Status Abort() override;

 private:
  ExactlyOnceSink(std::unique_ptr<Producer> producer, const std::string& transactional_id,
                  std::string dead_letter_kafka_topic, Counters* counters);

  absl::Status PublishHeld();
  absl::Status PublishNow(const OutputRecord& output);
  void DropHeld();

  // Names the missing right where there is one.
  absl::Status Explain(const absl::Status& failure) const;

  std::unique_ptr<Producer> producer_;
  TransactionalProducer client_;
  Transaction transaction_;
  std::string dead_letter_kafka_topic_;
  Counters* counters_;
  bool is_begun_ = false;  // a transaction, since the last commit or abort
  bool is_holding_ = true;
  std::vector<OutputRecord> held_;
  size_t held_bytes_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_EXACTLY_ONCE_SINK_H_
