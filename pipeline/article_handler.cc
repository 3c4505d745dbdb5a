#include "pipeline/article_handler.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "pipeline/fault_points.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

std::string PlaceOf(const Record& record) {
  return fmt::format("{}[{}] offset {}", record.kafka_topic, record.partition, record.offset);
}

}  // namespace

ArticleHandler::ArticleHandler(const ArticleOptions& options, Sink* sink, RuleUse use,
                               Counters* counters)
    : options_(options),
      sink_(sink),
      counters_(counters),
      decoder_(options.limits),
      use_(std::move(use)) {}

void ArticleHandler::Offer(RuleUse use) {
  const std::lock_guard lock(mutex_);
  offer_.emplace(std::move(use));
  counters_->rules_offered.Add(1);
}

void ArticleHandler::BetweenCommits() {
  // Without a lock: it is asked with every poll.
  if (counters_->rules_offered.value() == counters_->rules_taken.value()) return;
  const std::lock_guard lock(mutex_);
  if (!offer_) return;
  use_ = *std::move(offer_);
  offer_.reset();
  counters_->rules_taken.Add(counters_->rules_offered.value() - counters_->rules_taken.value());
}

absl::Status ArticleHandler::Handle(const Record& record, Remedy remedy,
                                    std::string_view why_refused) {
  if (remedy == Remedy::kPointer) {
    return PublishDeadLetter(record, {.stage = "publish",
                                      .reason = "refused",
                                      .message = std::string(why_refused),
                                      .is_pointer = true});
  }
  if (!record.value) return ProcessTombstone(record);
  return ProcessArticle(
      record, *record.value,
      remedy == Remedy::kTruncate ? Encoder::Form::kTruncated : Encoder::Form::kWhole);
}

absl::Status ArticleHandler::ProcessArticle(const Record& record, std::string_view value,
                                            Encoder::Form form) {
  counters_->stages.Enter(Stage::kDecode);
  const absl::StatusOr<const Article*> article = decoder_.Decode(value);
  if (!article.ok()) {
    // A bad record that was too large once has nothing to leave out but itself.
    return PublishDeadLetter(record, {.stage = "decode",
                                      .reason = std::string(ReasonName(ReasonOf(article.status()))),
                                      .message = std::string(article.status().message()),
                                      .is_pointer = form == Encoder::Form::kTruncated});
  }
  const uint64_t surrogates = decoder_.surrogates_replaced();
  counters_->surrogates_replaced.Add(surrogates - std::exchange(surrogates_seen_, surrogates));

  counters_->stages.Enter(Stage::kMatch);
  const absl::Status matched = use_.matcher.Match(**article, &matches_);
  if (!matched.ok()) {
    return PublishDeadLetter(record, {.stage = "match",
                                      .reason = "scan_failed",
                                      .message = std::string(matched.message()),
                                      .is_pointer = form == Encoder::Form::kTruncated});
  }
  return PublishOutputs(record, **article, form);
}

absl::Status ArticleHandler::PublishOutputs(const Record& record, const Article& article,
                                            Encoder::Form form) {
  if (matches_.rules.empty()) return absl::OkStatus();
  counters_->stages.Enter(Stage::kEncode);
  outputs_.clear();
  use_.encoder.Encode(record, article, matches_, &outputs_, form);
  counters_->stages.Enter(Stage::kPublish);
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (i > 0) fault::Reach(fault::Point::kMidFanOut);
    absl::Status status = sink_->Publish(outputs_[i]);
    if (absl::IsOutOfRange(status) && form == Encoder::Form::kWhole) {
      form = Encoder::Form::kTruncated;
      outputs_.clear();
      use_.encoder.Encode(record, article, matches_, &outputs_, form);
      status = sink_->Publish(outputs_[i]);
    }
    if (absl::IsOutOfRange(status)) {
      status = PublishDeadLetter(record, {.stage = "publish",
                                          .reason = "refused",
                                          .message = std::string(status.message()),
                                          .is_pointer = true});
    }
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status ArticleHandler::ProcessTombstone(const Record& record) {
  counters_->tombstones.Add(1);
  switch (options_.on_tombstone) {
    case OnTombstone::kDrop:
      return absl::OkStatus();
    case OnTombstone::kDeadLetter:
      return PublishDeadLetter(
          record, {.stage = "decode", .reason = "tombstone", .message = "the record has no value"});
    case OnTombstone::kPass:
      break;
  }
  outputs_.clear();
  use_.encoder.EncodeTombstone(record, &outputs_);
  for (const OutputRecord& output : outputs_) RETURN_IF_ERROR(sink_->Publish(output));
  return absl::OkStatus();
}

absl::Status ArticleHandler::PublishDeadLetter(const Record& record, DeadLetter why) {
  if (options_.on_error == OnError::kStop) {
    return absl::DataLossError(
        fmt::format("{}: {}: {}; on_error is stop", PlaceOf(record), why.reason, why.message));
  }
  why.task_id = options_.task_id;
  absl::Status status = sink_->PublishDeadLetter(record, why);
  if (absl::IsOutOfRange(status) && !why.is_pointer) {
    why.is_pointer = true;
    status = sink_->PublishDeadLetter(record, why);
  }
  if (absl::IsOutOfRange(status)) {
    return absl::FailedPreconditionError(
        fmt::format("{}: even a pointer to it is too large: {}; raise message.max.bytes",
                    PlaceOf(record), std::string(status.message())));
  }
  RETURN_IF_ERROR(status);
  counters_->dead_lettered.Add({record.kafka_topic, why.reason}, 1);
  return absl::OkStatus();
}

}  // namespace tocsin
