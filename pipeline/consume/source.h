// Where records come from: a Kafka consumer, or a file without a broker.
//
//   source->OnRevoke([&](Revocation why) { ... });
//   while (!source->exhausted()) {
//     RETURN_IF_ERROR(source->Poll(20ms, &batch));
//     ... every record of the batch, then ...
//     RETURN_IF_ERROR(source->CommitOffsets(next));
//   }
//   source->Close();
//
// Shape     Poll replaces the batch; an empty one means that nothing came in time. Records of a
//           partition come in order, and only while the partition is ours. Nothing is ever
//           committed of itself.
// Errors    Poll: an error ends the stream. CommitOffsets: Aborted when the offsets may not be
//           stored; the caller then rewinds. Membership: Aborted while we are no member. Rewind:
//           FailedPrecondition where there is no going back.
// Threads   a source belongs to one thread. The revoke handler runs inside Poll and Close.
// Lifetime  batches die, or are cleared, before the source closes.
#ifndef TOCSIN_PIPELINE_CONSUME_SOURCE_H_
#define TOCSIN_PIPELINE_CONSUME_SOURCE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "pipeline/consume/offsets.h"
#include "pipeline/consume/record_batch.h"

namespace tocsin {

// Partitions go to another member of the group: in order, so that what is done can still be
// committed, or lost, so that they may be with another member already.
enum class Revocation : uint8_t { kInOrder, kLost };

// What a member proves itself with when a transaction stores its offsets.
struct GroupMembership {
  int32_t generation = -1;
  std::string member_id;
  std::string metadata;  // the whole, as librdkafka writes it
};

class Source {
 public:
  using RevokeHandler = std::function<void(Revocation)>;

  virtual ~Source() = default;

  // Called before partitions are given up; everything of earlier batches has been processed by
  // then.
  virtual void OnRevoke(RevokeHandler handler) = 0;

  virtual absl::Status Poll(std::chrono::milliseconds timeout, RecordBatch* batch) = 0;
  virtual absl::Status CommitOffsets(const Offsets& next) = 0;

  // As of now: to be asked for anew before each use.
  virtual absl::StatusOr<GroupMembership> Membership() = 0;

  // The next records are those after the committed offsets.
  virtual absl::Status Rewind() = 0;

  virtual bool exhausted() const = 0;

  // Leaves the group. Nothing can be polled afterwards.
  virtual void Close() = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_SOURCE_H_
