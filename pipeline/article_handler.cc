#include "pipeline/article_handler.h"

#include <absl/strings/match.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <string>
#include <utility>

#include "pipeline/fault_points.h"
#include "pipeline/publish/route_dead_letter.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

std::string PlaceOf(const Record& record) {
  return fmt::format("{}[{}] offset {}", record.kafka_topic, record.partition, record.offset);
}

// A value that begins as JSON does is not compressed, whatever a forgotten header says: no data that
// is read begins so, and to ask for headers would be dearer than that look. Of several the last: who
// compressed again says so behind.
std::string_view ContentEncodingOf(const Record& record, std::string_view value) {
  if (value.starts_with('{') || value.starts_with('[')) return "";
  std::string_view encoding;
  for (const Header& header : record.headers.all()) {
    if (absl::EqualsIgnoreCase(absl::string_view(header.name.data(), header.name.size()),
                               "content-encoding")) {
      encoding = header.value.value_or("");
    }
  }
  return encoding;
}

}  // namespace

ArticleHandler::ArticleHandler(const ArticleOptions& options, Sink* sink, RuleUse use,
                               Counters* counters)
    : options_(options),
      sink_(sink),
      counters_(counters),
      decoder_(options.limits),
      use_(std::move(use)) {
  decoder_.Use(options.mapping);
  for (size_t i = 0; i < kMappedFieldCount; ++i) {
    counters_->values_unread.Add({NameOf(static_cast<MappedField>(i))}, 0);
  }
}

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
  has_published_ = false;
  if (remedy == Remedy::kPointer) {
    return PublishDeadLetter(record, {.stage = "publish",
                                      .reason = "refused",
                                      .message = std::string(why_refused),
                                      .is_pointer = true});
  }
  if (!record.value) return ProcessTombstone(record);
  return ProcessArticles(
      record, *record.value,
      remedy == Remedy::kTruncate ? Encoder::Form::kTruncated : Encoder::Form::kWhole);
}

absl::Status ArticleHandler::ProcessArticles(const Record& record, std::string_view value,
                                             Encoder::Form form) {
  counters_->stages.Enter(Stage::kDecode);
  UseMappingOf(record);
  const absl::StatusOr<size_t> count = decoder_.Open(value, ContentEncodingOf(record, value));
  // A bad record that was too large once has nothing to leave out but itself.
  const bool is_pointer = form == Encoder::Form::kTruncated;
  if (!count.ok()) {
    return PublishDeadLetter(record, {.stage = "decode",
                                      .reason = std::string(ReasonName(ReasonOf(count.status()))),
                                      .message = std::string(count.status().message()),
                                      .is_pointer = is_pointer});
  }
  BadArticles bad;
  for (size_t i = 0; i < *count; ++i) RETURN_IF_ERROR(ProcessArticle(record, i, form, &bad));
  CountWhatWasMended(record);
  if (bad.count == 0) return absl::OkStatus();
  bad.first.is_pointer = is_pointer;
  if (*count > 1) {
    bad.first.message = fmt::format("article {} of 0 to {}: {}; {} bad in all", bad.first_index,
                                    *count - 1, bad.first.message, bad.count);
  }
  return PublishDeadLetter(record, std::move(bad.first));
}

absl::Status ArticleHandler::ProcessArticle(const Record& record, size_t index, Encoder::Form form,
                                            BadArticles* bad) {
  const auto note = [&](std::string_view stage, std::string_view reason,
                        const absl::Status& status) {
    if (bad->count++ > 0) return;
    bad->first_index = index;
    bad->first = {
        .stage = stage, .reason = std::string(reason), .message = std::string(status.message())};
  };
  if (index > 0) counters_->stages.Enter(Stage::kDecode);
  const absl::StatusOr<const Article*> article = decoder_.ReadText(index);
  if (!article.ok()) {
    note("decode", ReasonName(ReasonOf(article.status())), article.status());
    return absl::OkStatus();
  }
  counters_->stages.Enter(Stage::kMatch);
  const absl::Status matched = use_.matcher.Match(**article, &matches_);
  if (!matched.ok()) {
    note("match", "scan_failed", matched);
    return absl::OkStatus();
  }
  if (use_.cross_check != nullptr && use_.cross_check->Chooses(**article)) {
    use_.cross_check->Check(record, **article, matches_);
  }
  if (matches_.rules.empty() && !IsWithdrawn((*article)->status)) return absl::OkStatus();
  counters_->stages.Enter(Stage::kEncode);
  return PublishOutputs(record, *decoder_.Complete(), form);
}

void ArticleHandler::UseMappingOf(const Record& record) {
  if (options_.mappings.empty() || kafka_topic_ == record.kafka_topic) return;
  kafka_topic_ = record.kafka_topic;
  const auto found = options_.mappings.find(record.kafka_topic);
  decoder_.Use(found == options_.mappings.end() ? options_.mapping : found->second);
}

void ArticleHandler::CountWhatWasMended(const Record& record) {
  const uint64_t surrogates = decoder_.surrogates_replaced();
  counters_->surrogates_replaced.Add(surrogates - std::exchange(surrogates_seen_, surrogates));
  const FieldCounts& unread = decoder_.unread();
  if (unread == unread_seen_) return;
  for (size_t i = 0; i < kMappedFieldCount; ++i) {
    const uint64_t before = std::exchange(unread_seen_[i], unread[i]);
    if (unread[i] == before) continue;
    const std::string_view field = NameOf(static_cast<MappedField>(i));
    counters_->values_unread.Add({field}, unread[i] - before);
    // Without the offset: so that what repeats is one line, with its count.
    spdlog::warn("{}: a value of {} cannot be read, the field stays empty", record.kafka_topic,
                 field);
  }
}

absl::Status ArticleHandler::PublishOutputs(const Record& record, const Article& article,
                                            Encoder::Form form) {
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
    has_published_ = true;
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
  for (const OutputRecord& output : outputs_) {
    RETURN_IF_ERROR(sink_->Publish(output));
    has_published_ = true;
  }
  return absl::OkStatus();
}

absl::Status ArticleHandler::PublishDeadLetter(const Record& record, DeadLetter why) {
  if (options_.on_error == OnError::kStop) {
    return absl::DataLossError(
        fmt::format("{}: {}: {}; on_error is stop", PlaceOf(record), why.reason, why.message));
  }
  why.task_id = options_.task_id;
  return RouteDeadLetter(record, std::move(why), sink_, counters_);
}

}  // namespace tocsin
