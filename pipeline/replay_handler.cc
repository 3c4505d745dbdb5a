#include "pipeline/replay_handler.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

OutputRecord WithoutErrors(const Record& letter) {
  OutputRecord output;
  if (letter.key) output.key.emplace(*letter.key);
  if (letter.value) output.value.emplace(*letter.value);
  output.timestamp_ms = letter.timestamp_ms;
  for (const Header& header : letter.headers.all()) {
    if (IsDeadLetterHeader(header.name)) continue;
    OutputHeader& copy = output.headers.emplace_back();
    copy.name = header.name;
    if (header.value) copy.value.emplace(*header.value);
  }
  return output;
}

}  // namespace

std::string_view FateName(Fate fate) {
  switch (fate) {
    case Fate::kReplayed:
      return "replayed";
    case Fate::kNoInput:
      return "left: its Kafka topic is not an input";
    case Fate::kGone:
      return "left: a pointer to a record that is gone";
    case Fate::kChanged:
      return "left: a pointer to a record that is not what it was";
    case Fate::kRefused:
      return "left: too large for us, or refused by the brokers";
    case Fate::kNoLetter:
      return "left: no dead letter";
  }
  return "";
}

absl::Status ReplayHandler::Handle(const Record& letter, Remedy remedy,
                                   std::string_view why_refused) {
  const absl::StatusOr<Origin> origin = OriginOf(letter);
  if (!origin.ok()) {
    const bool looks_at_all = !options_.reason && !options_.input;
    if (looks_at_all) ++pending_[{.kafka_topic = "-", .reason = "-", .fate = Fate::kNoLetter}];
    return absl::OkStatus();
  }
  if (options_.reason && *options_.reason != origin->reason) return absl::OkStatus();
  if (options_.input && *options_.input != origin->kafka_topic) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool is_done, options_.is_done(letter, origin->reason));
  if (is_done) return absl::OkStatus();
  Fate fate = Fate::kRefused;
  if (remedy == Remedy::kNone) {
    ASSIGN_OR_RETURN(fate, Send(letter, *origin));
  }
  if (fate != Fate::kReplayed) {
    spdlog::warn("replay: {}[{}] offset {}, of {}[{}] offset {}: {} {}", letter.kafka_topic,
                 letter.partition, letter.offset, origin->kafka_topic, origin->partition,
                 origin->offset, FateName(fate), why_refused);
  }
  ++pending_[{.kafka_topic = origin->kafka_topic, .reason = origin->reason, .fate = fate}];
  return absl::OkStatus();
}

absl::StatusOr<Fate> ReplayHandler::Send(const Record& letter, const Origin& origin) {
  if (!options_.partitions.contains(origin.kafka_topic)) return Fate::kNoInput;
  if (origin.is_pointer) return SendOriginal(origin);
  return Publish(origin, WithoutErrors(letter));
}

absl::StatusOr<Fate> ReplayHandler::SendOriginal(const Origin& origin) {
  absl::StatusOr<OutputRecord> original = options_.read(origin);
  if (absl::IsNotFound(original.status())) return Fate::kGone;
  if (absl::IsUnavailable(original.status())) {
    return absl::AbortedError(original.status().message());
  }
  RETURN_IF_ERROR(original.status());
  if (Sha256Of(original->value) != origin.value_sha256) return Fate::kChanged;
  return Publish(origin, *std::move(original));
}

absl::StatusOr<Fate> ReplayHandler::Publish(const Origin& origin, OutputRecord output) {
  output.kafka_topic = origin.kafka_topic;
  const int32_t partitions = options_.partitions.at(origin.kafka_topic);
  output.partition = origin.partition < partitions ? origin.partition : -1;
  const absl::Status status = sink_->Publish(output);
  if (absl::IsOutOfRange(status)) return Fate::kRefused;
  RETURN_IF_ERROR(status);
  return Fate::kReplayed;
}

void ReplayHandler::Committed() {
  for (const auto& [replay, count] : pending_) replays_[replay] += count;
  pending_.clear();
}

}  // namespace tocsin
