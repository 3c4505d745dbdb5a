#include "pipeline/alert/alert_handler.h"

#include <absl/time/time.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "pipeline/fault_points.h"
#include "pipeline/log.h"
#include "pipeline/publish/route_dead_letter.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::string_view kBackfill = "tocsin_backfill";
constexpr std::array<std::string_view, 5> kNoveltyNames = {"new", "update", "same_url", "same_body",
                                                           "similar"};

bool IsBackfilled(const Record& record) {
  const std::span<const Header> headers = record.headers.all();
  return std::any_of(headers.begin(), headers.end(), [](const Header& header) {
    return header.name == kBackfill && header.value == "true";
  });
}

std::optional<int64_t> ParseMs(std::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, {text.data(), text.size()}, &time, nullptr)) {
    return std::nullopt;
  }
  return absl::ToUnixMillis(time);
}

spdlog::level::level_enum LevelOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kJoined:
    case Outcome::kBackfilled:
    case Outcome::kStale:
    case Outcome::kNotSelected:
      return spdlog::level::debug;  // by the thousand, at times
    default:
      return spdlog::level::info;
  }
}

}  // namespace

int64_t WallClockMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void Progress::Note(int64_t seen_ms, Clock::time_point now) {
  if (now - began_ >= kSpan) {
    before_ms_ = std::exchange(current_ms_, INT64_MAX);
    began_ = now;
  }
  current_ms_ = std::min(current_ms_, seen_ms);
}

absl::Status AlertHandler::Handle(const Record& record, Remedy remedy,
                                  std::string_view why_refused) {
  if (remedy != Remedy::kNone) return Refuse(record, {why_refused.data(), why_refused.size()});
  if (!record.value) {
    counters_->tombstones.Add(1);
    return absl::OkStatus();
  }
  counters_->stages.Enter(Stage::kDecode);
  const absl::StatusOr<Published> published = DecodePublished(*record.value);
  if (!published.ok()) {
    return DeadLetterOf(record, "not_published", std::string(published.status().message()));
  }
  if (published->is_truncated) {
    return DeadLetterOf(record, "truncated", "the article was too large to be published whole");
  }
  if (!UseMapping(published->mapping)) {
    return DeadLetterOf(record, "unknown_mapping",
                        fmt::format("there is no mapping {}: set it under `mappings`, as it is for "
                                    "those that publish",
                                    published->mapping));
  }
  const absl::StatusOr<const Article*> article = decoder_.Decode(published->article);
  if (!article.ok()) {
    return DeadLetterOf(record, ReasonName(ReasonOf(article.status())),
                        std::string(article.status().message()));
  }
  return Take(record, *published, **article);
}

bool AlertHandler::UseMapping(const std::string& name) {
  const auto [known, is_new] = mappings_.try_emplace(name);
  if (is_new) {
    if (name.empty()) known->second = Mapping::Flat();
    if (!name.empty() && options_.mapping_of) known->second = options_.mapping_of(name);
  }
  if (known->second == nullptr) return false;
  decoder_.Use(known->second);
  return true;
}

absl::Status AlertHandler::DeadLetterOf(const Record& record, std::string_view reason,
                                        std::string message) {
  return RouteDeadLetter(
      record, {.stage = "decode", .reason = std::string(reason), .message = std::move(message)},
      sink_, counters_);
}

absl::Status AlertHandler::Refuse(const Record& record, absl::string_view why) {
  return RouteDeadLetter(
      record,
      {.stage = "publish", .reason = "refused", .message = std::string(why), .is_pointer = true},
      sink_, counters_);
}

absl::Status AlertHandler::Take(const Record& record, const Published& published,
                                const Article& article) {
  counters_->stages.Enter(Stage::kMatch);
  const int64_t now_ms = options_.now_ms();
  const int64_t seen_ms = record.timestamp_ms < 0 ? now_ms : std::min(record.timestamp_ms, now_ms);
  RETURN_IF_ERROR(Expire(seen_ms, now_ms));
  const Fingerprint fingerprint = fingerprinter_.Of(article);
  const AlertState::Standing standing = state_->Find(published.topic, fingerprint, seen_ms);

  const std::string_view status = article.status.empty() ? published.status : article.status;
  Mention mention{.story = standing.placement.story,
                  .topic = published.topic,
                  .rules = {},
                  .headline = article.document.title,
                  .sentence = {},
                  .url = article.url,
                  .source = article.source,
                  .language = article.document.language,
                  .article = article.id,
                  .published = article.published_at,
                  .seen_ms = seen_ms,
                  .reason = IsWithdrawn(status) ? status : ""};
  for (const PublishedRule& rule : published.rules) mention.rules.emplace_back(rule.id);
  const Outcome outcome =
      Decide(FactsOf(record, mention, standing,
                     article.embargoed.empty() ? published.embargoed : article.embargoed, now_ms));
  if (outcome == Outcome::kAlerted || outcome == Outcome::kRetracted) {
    const absl::Status told = Tell(record, published, article, &mention, now_ms);
    if (absl::IsOutOfRange(told)) return Refuse(record, told.message());
    RETURN_IF_ERROR(told);
    fault::Reach(fault::Point::kMidFanOut);
  }
  // A withdrawal says nothing of the story: what is known of the article stays; if nothing is,
  // there is nothing to remember.
  const bool is_withdrawn = !mention.reason.empty();
  const bool is_news = !is_withdrawn || standing.known || !published.rules.empty();
  if (is_news && seen_ms >= now_ms - options_.max_age_ms - options_.window_ms) {
    const bool is_alerted = standing.was_alerted && outcome != Outcome::kRetracted;
    OutputRecord change = state_->Remember(
        published.topic,
        {.fingerprint = is_withdrawn && standing.known ? *standing.known : fingerprint,
         .story = standing.placement.story,
         .seen_ms = seen_ms,
         .alerted = is_alerted || outcome == Outcome::kAlerted},
        standing.is_settled || Settles(outcome));
    change.kafka_topic = options_.state_kafka_topic;
    RETURN_IF_ERROR(sink_->Publish(change));
  }
  done_.push_back({.topic = published.topic,
                   .placement = standing.placement,
                   .outcome = outcome,
                   .kafka_topic = std::string(record.kafka_topic),
                   .partition = record.partition,
                   .offset = record.offset});
  return absl::OkStatus();
}

MentionFacts AlertHandler::FactsOf(const Record& record, const Mention& mention,
                                   const AlertState::Standing& standing, std::string_view embargoed,
                                   int64_t now_ms) const {
  const std::optional<int64_t> until_ms = ParseMs(embargoed);
  const std::optional<int64_t> published_ms = ParseMs(mention.published);
  return {.is_settled = standing.is_settled,
          .was_alerted = standing.was_alerted,
          .is_withdrawn = !mention.reason.empty(),
          // One that cannot be read is no leave to tell.
          .is_embargoed = !embargoed.empty() && (!until_ms || *until_ms > now_ms),
          .is_backfilled = IsBackfilled(record),
          .is_stale = now_ms - mention.seen_ms > options_.max_age_ms ||
                      (options_.published_max_age_ms > 0 && published_ms &&
                       now_ms - *published_ms > options_.published_max_age_ms),
          .is_selected = options_.selection.Selects({.rules = mention.rules,
                                                     .topic = mention.topic,
                                                     .language = mention.language,
                                                     .source = mention.source}),
          .is_muted = options_.selection.IsMuted(mention.seen_ms)};
}

absl::Status AlertHandler::Tell(const Record& record, const Published& published,
                                const Article& article, Mention* mention, int64_t now_ms) {
  counters_->stages.Enter(Stage::kEncode);
  const std::string sentence = mentions_.SentenceOf(published.rules, article.document);
  mention->sentence = sentence;
  const OutputRecord alert = encoder_.Encode(record, *mention, now_ms);
  counters_->stages.Enter(Stage::kPublish);
  return sink_->Publish(alert);
}

absl::Status AlertHandler::Expire(int64_t seen_ms, int64_t now_ms) {
  progress_.Note(seen_ms, Progress::Clock::now());
  const int64_t oldest_ms =
      std::max(progress_.oldest_ms(), now_ms - options_.max_age_ms) - options_.window_ms;
  tombstones_.clear();
  state_->Expire(oldest_ms, &tombstones_);
  for (OutputRecord& tombstone : tombstones_) {
    tombstone.kafka_topic = options_.state_kafka_topic;
    RETURN_IF_ERROR(sink_->Publish(tombstone));
  }
  return absl::OkStatus();
}

void AlertHandler::Committed() {
  state_->Committed();
  for (const Done& done : done_) Report(done);
  done_.clear();
  counters_->window_articles.Set(static_cast<int64_t>(state_->size()));
}

void AlertHandler::Forgotten() {
  state_->Forgotten();
  done_.clear();
}

void AlertHandler::Report(const Done& done) {
  const std::string_view outcome = OutcomeName(done.outcome);
  counters_->mentions.Add({done.topic, kNoveltyNames[done.placement.novelty]}, 1);
  counters_->alerts.Add({done.topic, outcome}, 1);
  spdlog::log(LevelOf(done.outcome), "mention {}: {}, story {:016x}{}", outcome, done.topic,
              done.placement.story,
              log::About{.event = done.outcome == Outcome::kAlerted ? log::kAlert : "",
                         .kafka_topic = done.kafka_topic,
                         .partition = done.partition,
                         .offset = done.offset});
}

}  // namespace tocsin
