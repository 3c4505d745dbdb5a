#include "pipeline/publish/transaction.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "pipeline/fault_points.h"
#include "pipeline/log.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using Verdict = TransactionReply::Verdict;

// Each try lasts as long as the transaction may; more of them only keep the loop from polling.
constexpr int kTriesMax = 3;

template <typename Call>
TransactionReply Repeat(const Call& call) {
  TransactionReply reply = call();
  for (int tries = 1; reply.verdict == Verdict::kAgain && tries < kTriesMax; ++tries) {
    reply = call();
  }
  return reply;
}

}  // namespace

absl::Status Transaction::Prepare() {
  if (state_ == State::kFenced) {
    return absl::UnavailableError(fmt::format("transactional id {} is fenced", id_));
  }
  if (state_ == State::kInDoubt) {
    fault::Reach(fault::Point::kBeforeRecycle);
    const TransactionReply replaced = client_->Replace();
    if (replaced.verdict != Verdict::kDone) return Failure(replaced, "a new producer");
    state_ = State::kNew;
  }
  if (state_ == State::kNew) {
    const TransactionReply reply = client_->Init();
    if (reply.verdict != Verdict::kDone) {
      if (reply.verdict == Verdict::kBroken) state_ = State::kInDoubt;
      return Failure(reply, "initialising transactions");
    }
    fault::Reach(fault::Point::kAfterRecycle);
    state_ = State::kReady;
    client_->TakeDisturbance();
  }
  return absl::OkStatus();
}

absl::Status Transaction::Begin() {
  if (state_ == State::kOpen) return absl::OkStatus();
  RETURN_IF_ERROR(Prepare());
  const TransactionReply reply = client_->Begin();
  if (reply.verdict != Verdict::kDone) {
    state_ = State::kInDoubt;
    return Failure(reply, "beginning a transaction");
  }
  state_ = State::kOpen;
  fault::Reach(fault::Point::kBegin);
  return absl::OkStatus();
}

absl::Status Transaction::Commit(const Offsets& next, const GroupMembership& membership) {
  // A broker takes a transaction's offsets from nobody in particular (generation -1, no member
  // id), without any fencing.
  if (membership.generation < 0 || membership.member_id.empty()) {
    return absl::AbortedError("no member of the consumer group at the moment");
  }
  RETURN_IF_ERROR(Begin());
  fault::Reach(fault::Point::kBeforeSendOffsets);
  const TransactionReply sent = SendOffsets(next, membership);
  if (sent.verdict != Verdict::kDone) return Failure(sent, "sending offsets");
  fault::Reach(fault::Point::kAfterSendOffsets);

  fault::Reach(fault::Point::kBeforeEndTransaction);
  const TransactionReply ended = End();
  if (ended.verdict != Verdict::kDone) return Failure(ended, "committing the transaction");
  fault::Reach(fault::Point::kAfterEndTransaction);
  was_accepted_ = true;
  return absl::OkStatus();
}

TransactionReply Transaction::SendOffsets(const Offsets& next, const GroupMembership& membership) {
  TransactionReply reply = Repeat([&] { return client_->SendOffsets(next, membership); });
  if (reply.verdict != Verdict::kDone && reply.verdict != Verdict::kAbort) {
    state_ = State::kInDoubt;
  }
  return reply;
}

TransactionReply Transaction::End() {
  TransactionReply reply = Repeat([&] { return client_->End(); });
  const bool is_certain = reply.verdict == Verdict::kDone && !client_->TakeDisturbance();
  state_ = is_certain ? State::kReady : State::kInDoubt;
  return reply;
}

absl::Status Transaction::Abort() {
  if (state_ == State::kOpen) {
    fault::Reach(fault::Point::kBeforeAbort);
    const TransactionReply reply = Repeat([&] { return client_->Abort(); });
    const bool is_certain = reply.verdict == Verdict::kDone && !client_->TakeDisturbance();
    state_ = is_certain ? State::kReady : State::kInDoubt;
    if (reply.verdict == Verdict::kFenced) return Failure(reply, "aborting the transaction");
  }
  return Prepare();
}

void Transaction::Distrust() {
  if (state_ == State::kOpen) state_ = State::kInDoubt;
}

absl::Status Transaction::Failure(const TransactionReply& reply, const char* what) {
  const std::string message =
      fmt::format("{} of transactional id {}: {}", what, id_, reply.message);
  switch (reply.verdict) {
    case Verdict::kFenced:
      state_ = State::kFenced;
      spdlog::error("transactional id {} is fenced{}", id_, log::About{.event = log::kFenced});
      return absl::UnavailableError(fmt::format(
          "{}: another producer has it now, or ours was silent for longer than "
          "transaction.timeout.ms; give every process of the group an `instance` of its own",
          message));
    case Verdict::kDenied:
      if (!was_accepted_) return absl::PermissionDeniedError(message);
      break;  // a right taken away while we run may come back
    case Verdict::kUnauthenticated:
      if (!was_accepted_) return absl::UnauthenticatedError(message);
      break;
    default:
      break;
  }
  return absl::AbortedError(message);
}

}  // namespace tocsin
