#include <memory>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/stages.h"
#include "pipeline/counters.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/match/matcher.h"
#include "pipeline/meter.h"
#include "pipeline/publish/encoder.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

// What a worker owns between its consumer and its producer.
class HotPath {
 public:
  static absl::StatusOr<std::shared_ptr<HotPath>> Create(const Workload& workload) {
    auto counters = std::make_unique<Counters>();
    ASSIGN_OR_RETURN(Matcher matcher, Matcher::Create(workload.rule_set, counters.get()));
    return std::shared_ptr<HotPath>(new HotPath(workload, std::move(counters), std::move(matcher)));
  }

  absl::StatusOr<Tally> Run() {
    Tally tally;
    for (const Work& work : workload_.works) {
      const Record record = RecordOf(work);
      meter_.Taken(record);
      meter_.Enter(tocsin::Stage::kDecode);
      ASSIGN_OR_RETURN(const Article* article, decoder_.Decode(work.json));
      meter_.Enter(tocsin::Stage::kMatch);
      RETURN_IF_ERROR(matcher_.Match(*article, &matches_));
      records_.clear();
      if (!matches_.rules.empty()) meter_.Enter(tocsin::Stage::kEncode);
      encoder_.Encode(record, *article, matches_, &records_);
      tally += TallyOf(records_);
      meter_.Done(record);
      if (++uncommitted_ == kCommitRecords) Commit();
    }
    return tally;
  }

  // The same without the work: what counting and timing cost.
  Tally Count() {
    Tally tally;
    for (const Work& work : workload_.works) {
      const Record record = RecordOf(work);
      meter_.Taken(record);
      meter_.Enter(tocsin::Stage::kDecode);
      meter_.Enter(tocsin::Stage::kMatch);
      if (work.answer.encode.items > 0) {
        meter_.Enter(tocsin::Stage::kEncode);
        meter_.Enter(tocsin::Stage::kPublish);
      }
      meter_.Done(record);
      if (++uncommitted_ == kCommitRecords) Commit();
      tally += work.answer.encode;
    }
    return tally;
  }

 private:
  static constexpr size_t kCommitRecords = 1000;

  void Commit() {
    meter_.Enter(tocsin::Stage::kCommit);
    Offsets next;
    next.Set("news.raw", 0, 1);
    meter_.Committed(next, std::exchange(uncommitted_, 0));
  }

  HotPath(const Workload& workload, std::unique_ptr<Counters> counters, Matcher matcher)
      : workload_(workload),
        counters_(std::move(counters)),
        decoder_(DecodeLimits{}),
        matcher_(std::move(matcher)),
        encoder_(workload.rule_set, {.cluster = "bench"}) {}

  const Workload& workload_;
  std::unique_ptr<Counters> counters_;
  Decoder decoder_;
  Matcher matcher_;
  Encoder encoder_;
  rules::Matches matches_;
  std::vector<OutputRecord> records_;
  Meter meter_{counters_.get()};
  size_t uncommitted_ = 0;
};

}  // namespace

void RegisterHotPath(const Workload& workload) {
  // Its records carry the id that the lone encode stage has none of: the value is the same.
  Register("hot_path", workload, {.bytes = workload.json_bytes, .answer = workload.answer.encode},
           [&workload]() -> absl::StatusOr<Pass> {
             ASSIGN_OR_RETURN(auto hot_path, HotPath::Create(workload));
             return Pass([hot_path] { return hot_path->Run(); });
           });
  Register("meter", workload, {.bytes = workload.json_bytes, .answer = workload.answer.encode},
           [&workload]() -> absl::StatusOr<Pass> {
             ASSIGN_OR_RETURN(auto hot_path, HotPath::Create(workload));
             return Pass([hot_path]() -> absl::StatusOr<Tally> { return hot_path->Count(); });
           });
}

}  // namespace tocsin::bench
