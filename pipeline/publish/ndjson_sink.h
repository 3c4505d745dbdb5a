// Published values, one a line, without a broker; bad records as complaints.
//
//   NdjsonSink sink(stdout, stderr, &counters);
//
// Shape     output: the value, its line breaks as spaces, and a line feed. complaints: `FILE:LINE: reason: message`.
// Errors    Unavailable: the output cannot be written. Never Aborted: a pipe does not go back.
// Lifetime  the streams are the caller's.
#ifndef TOCSIN_PIPELINE_PUBLISH_NDJSON_SINK_H_
#define TOCSIN_PIPELINE_PUBLISH_NDJSON_SINK_H_

#include <absl/status/status.h>

#include <cstdio>

#include "pipeline/counters.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

class NdjsonSink final : public Sink {
 public:
  NdjsonSink(std::FILE* output, std::FILE* complaints, Counters* counters)
      : output_(output), complaints_(complaints), counters_(counters) {}

  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& output) override;
  absl::Status PublishDeadLetter(const Record& origin, const DeadLetter& why) override;
  absl::Status Commit(Source& source, const Offsets& next) override;
  absl::Status Abort() override { return absl::OkStatus(); }

 private:
  std::FILE* output_;
  std::FILE* complaints_;
  Counters* counters_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_NDJSON_SINK_H_
