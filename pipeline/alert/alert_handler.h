// A tagged article as a mention: the first one of its story that may be told becomes an alert.
//
//   AlertState state(options.window_ms);
//   auto handler = std::make_unique<AlertHandler>(options, &state, sink, &counters);
//   ... the worker's loop ...
//
// Shape     of every article that is read the state has a record, of which the alert, if there is
//           one, and the offset are committed together. What is undone with a transaction is undone
//           in the state. What cannot be read is a dead letter. README.md says what becomes of
//           articles that are late, sent again, undated or from the future.
// Units     milliseconds; now_ms: since 1970, UTC.
// Errors    as of Sink.
// Threads   one.
// Lifetime  state, sink and counters outlive it.
#ifndef TOCSIN_PIPELINE_ALERT_ALERT_HANDLER_H_
#define TOCSIN_PIPELINE_ALERT_ALERT_HANDLER_H_

#include <absl/status/status.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/alert/alert_encoder.h"
#include "pipeline/alert/alert_state.h"
#include "pipeline/alert/decision.h"
#include "pipeline/alert/fingerprint.h"
#include "pipeline/alert/mention.h"
#include "pipeline/alert/selection.h"
#include "pipeline/counters.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/decode/mapping.h"
#include "pipeline/decode/published.h"
#include "pipeline/handler.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

int64_t WallClockMs();

struct AlertOptions {
  std::string cluster = "kafka";
  std::string kafka_topic = "news.alerts";
  std::string state_kafka_topic = "news.alerts.state";
  int64_t window_ms = 0;
  int64_t max_age_ms = 0;            // of the record; at most the window
  int64_t published_max_age_ms = 0;  // by what the article says; 0: any
  AlertSelection selection;
  DecodeLimits limits;
  // Of one article, by the name that it is published with; null: there is none of that name.
  std::function<std::shared_ptr<const Mapping>(const std::string& name)> mapping_of;
  std::function<int64_t()> now_ms = &WallClockMs;
};

// How far back in the window what is consumed may still ask: behind records that come late, as
// after an outage, the entries of their own time are kept.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  void Note(int64_t seen_ms, Clock::time_point now);
  int64_t oldest_ms() const { return std::min(before_ms_, current_ms_); }

 private:
  static constexpr std::chrono::seconds kSpan{60};

  Clock::time_point began_{};
  int64_t before_ms_ = INT64_MAX;   // the oldest of the span before
  int64_t current_ms_ = INT64_MAX;  // of this one
};

class AlertHandler final : public Handler {
 public:
  AlertHandler(AlertOptions options, AlertState* state, Sink* sink, Counters* counters)
      : options_(std::move(options)),
        state_(state),
        sink_(sink),
        counters_(counters),
        decoder_(options_.limits),
        encoder_({.cluster = options_.cluster, .kafka_topic = options_.kafka_topic}) {}

  absl::Status Handle(const Record& record, Remedy remedy, std::string_view why_refused) override;
  void Committed() override;
  void Forgotten() override;

 private:
  // What is counted and logged once it is committed.
  struct Done {
    std::string topic;
    StoryIndex::Placement placement;
    Outcome outcome;
    std::string kafka_topic;
    int32_t partition;
    int64_t offset;
  };

  absl::Status DeadLetterOf(const Record& record, std::string_view reason, std::string message);
  // Whether articles of this mapping can be read; the decoder uses it then.
  bool UseMapping(const std::string& name);
  absl::Status Refuse(const Record& record, absl::string_view why);
  absl::Status Take(const Record& record, const Published& published, const Article& article);
  MentionFacts FactsOf(const Record& record, const Mention& mention,
                       const AlertState::Standing& standing, std::string_view embargoed,
                       int64_t now_ms) const;
  absl::Status Tell(const Record& record, const Published& published, const Article& article,
                    Mention* mention, int64_t now_ms);
  absl::Status Expire(int64_t seen_ms, int64_t now_ms);
  void Report(const Done& done);

  const AlertOptions options_;
  AlertState* const state_;
  Sink* const sink_;
  Counters* const counters_;
  Decoder decoder_;
  Fingerprinter fingerprinter_;
  MentionFinder mentions_;
  AlertEncoder encoder_;
  Progress progress_;
  std::map<std::string, std::shared_ptr<const Mapping>> mappings_;  // asked for
  std::vector<Done> done_;                                          // since the last commit
  std::vector<OutputRecord> tombstones_;                            // scratch
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_ALERT_HANDLER_H_
