// The transaction protocol, as a state machine over whatever can carry it out.
//
//   Transaction transaction(&client, "tocsin.host-a.0");
//   RETURN_IF_ERROR(transaction.Prepare());
//   RETURN_IF_ERROR(transaction.Begin());
//   ... produce ...
//   absl::Status status = transaction.Commit(next, membership);
//   if (absl::IsAborted(status)) status = transaction.Abort();   // then rewind
//
// Shape                      Begin            Commit: offsets, end
//                  ┌─────────┐ ───▶ ┌────────┐ ───▶ ┌─────────┐
//     Prepare ───▶ │  ready  │      │  open  │      │  ready  │
//                  └─────────┘ ◀─── └────────┘      └─────────┘
//                             Abort     │ no certain answer
//                                       ▼
//                                  ┌──────────┐ Prepare, Abort: a new producer with the same id
//                                  │ in doubt │ ───▶ ready; the coordinator has ended the old
//                                  └──────────┘      transaction, one way or the other
//           Once the end was asked for, an answer other than "done" leaves the outcome unknown:
//           aborting could then hit the next transaction (KAFKA-17754), so the producer is replaced
//           and the committed offsets tell what became of it. It is replaced after a success, too,
//           when requests had to be repeated on the way: a copy may still be under way.
// Cost      one producer epoch a replacement.
// Errors    Aborted: not done; what was produced since Begin is given up, or will have been by the
//           time Abort succeeds. Unavailable: fenced, for ever. PermissionDenied, Unauthenticated:
//           refused, and never accepted before.
// Threads   one.
// Lifetime  the client outlives the transaction.
#ifndef TOCSIN_PIPELINE_PUBLISH_TRANSACTION_H_
#define TOCSIN_PIPELINE_PUBLISH_TRANSACTION_H_

#include <absl/status/status.h>

#include <cstdint>
#include <string>

#include "pipeline/consume/offsets.h"
#include "pipeline/consume/source.h"

namespace tocsin {

struct TransactionReply {
  enum class Verdict : uint8_t {
    kDone,
    kAgain,   // the same call with the same arguments
    kAbort,   // the transaction cannot be committed
    kBroken,  // this producer is of no more use, or nothing is known
    kFenced,  // another producer has our transactional id
    kDenied,  // credentials or rights are missing
    kUnauthenticated,
  };
  Verdict verdict = Verdict::kDone;
  std::string message;
};

class TransactionClient {
 public:
  virtual ~TransactionClient() = default;

  virtual TransactionReply Init() = 0;
  virtual TransactionReply Begin() = 0;
  virtual TransactionReply SendOffsets(const Offsets& next, const GroupMembership& membership) = 0;
  virtual TransactionReply End() = 0;
  virtual TransactionReply Abort() = 0;

  // Replaces the producer; Init follows.
  virtual TransactionReply Replace() = 0;

  // Whether requests may have been sent more than once since this was last asked.
  virtual bool TakeDisturbance() = 0;
};

class Transaction {
 public:
  enum class State : uint8_t { kNew, kReady, kOpen, kInDoubt, kFenced };

  Transaction(TransactionClient* client, std::string id) : client_(client), id_(std::move(id)) {}

  absl::Status Prepare();
  absl::Status Begin();  // nothing if open already
  absl::Status Commit(const Offsets& next, const GroupMembership& membership);
  absl::Status Abort();

  // Abort is to replace the producer, even if it would do.
  void Distrust();

  State state() const { return state_; }

 private:
  TransactionReply SendOffsets(const Offsets& next, const GroupMembership& membership);
  TransactionReply End();

  // The error of a reply other than kDone.
  absl::Status Failure(const TransactionReply& reply, const char* what);

  TransactionClient* const client_;
  const std::string id_;
  State state_ = State::kNew;
  bool was_accepted_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_TRANSACTION_H_
