// A record as an article: decoded, matched, published once a topic; or a dead letter.
//
//   auto handler = std::make_unique<ArticleHandler>(options, sink, std::move(use), &counters);
//   handler->Offer(std::move(other_use));   // other rules, from the next transaction on
//
// Shape     every record ends in exactly one of: outputs, nothing (no match, or no value), a dead
//           letter. Of a record with several articles the good ones are published, and one dead
//           letter of the record tells which are not.
// Cost      an article without a match allocates nothing once the buffers have grown.
// Errors    as of Sink; DataLoss for a bad record, where one is to stop the stream;
//           FailedPrecondition: even a pointer is too large.
// Threads   one; Offer from any.
// Lifetime  sink and counters outlive it.
#ifndef TOCSIN_PIPELINE_ARTICLE_HANDLER_H_
#define TOCSIN_PIPELINE_ARTICLE_HANDLER_H_

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/counters.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/handler.h"
#include "pipeline/match/cross_check.h"
#include "pipeline/match/matcher.h"
#include "pipeline/publish/encoder.h"
#include "pipeline/publish/sink.h"

namespace tocsin {

enum class OnError : uint8_t { kDeadLetter, kStop };
enum class OnTombstone : uint8_t { kDrop, kPass, kDeadLetter };

// How records are read, by their Kafka topic.
using Mappings = std::map<std::string, std::shared_ptr<const Mapping>, std::less<>>;

struct ArticleOptions {
  int task_id = 0;
  OnError on_error = OnError::kDeadLetter;
  OnTombstone on_tombstone = OnTombstone::kDrop;
  DecodeLimits limits;
  Mappings mappings;
  std::shared_ptr<const Mapping> mapping = Mapping::Flat();  // where mappings has none
};

// One rule set: what matches with it, and what writes it into records.
struct RuleUse {
  Matcher matcher;
  Encoder encoder;
  std::unique_ptr<CrossCheck> cross_check = nullptr;  // null: nothing is checked
};

class ArticleHandler final : public Handler {
 public:
  ArticleHandler(const ArticleOptions& options, Sink* sink, RuleUse use, Counters* counters);

  // Taken between two commits; until then a newer offer replaces this one.
  void Offer(RuleUse use);

  absl::Status Handle(const Record& record, Remedy remedy, std::string_view why_refused) override;
  bool IsHalfDone() const override { return has_published_; }
  void BetweenCommits() override;

 private:
  // What is wrong with the articles of a record.
  struct BadArticles {
    size_t count = 0;
    size_t first_index = 0;
    DeadLetter first;
  };

  absl::Status ProcessArticles(const Record& record, std::string_view value, Encoder::Form form);
  absl::Status ProcessArticle(const Record& record, size_t index, Encoder::Form form,
                              BadArticles* bad);
  void UseMappingOf(const Record& record);
  void CountWhatWasMended(const Record& record);
  absl::Status ProcessTombstone(const Record& record);
  absl::Status PublishOutputs(const Record& record, const Article& article, Encoder::Form form);
  absl::Status PublishDeadLetter(const Record& record, DeadLetter why);

  const ArticleOptions options_;
  Sink* const sink_;
  Counters* const counters_;
  Decoder decoder_;
  RuleUse use_;

  std::mutex mutex_;  // of what follows
  std::optional<RuleUse> offer_;

  rules::Matches matches_;
  std::vector<OutputRecord> outputs_;
  bool has_published_ = false;  // of the record handled last
  std::string kafka_topic_;     // whose mapping the decoder uses
  uint64_t surrogates_seen_ = 0;
  FieldCounts unread_seen_{};
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ARTICLE_HANDLER_H_
