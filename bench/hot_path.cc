#include <memory>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/stages.h"
#include "pipeline/counters.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/match/matcher.h"
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
      ASSIGN_OR_RETURN(const Article* article, decoder_.Decode(work.json));
      RETURN_IF_ERROR(matcher_.Match(*article, &matches_));
      records_.clear();
      encoder_.Encode(record, *article, matches_, &records_);
      tally += TallyOf(records_);
    }
    return tally;
  }

 private:
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
};

}  // namespace

void RegisterHotPath(const Workload& workload) {
  // Its records carry the id that the lone encode stage has none of: the value is the same.
  Register("hot_path", workload, {.bytes = workload.json_bytes, .answer = workload.answer.encode},
           [&workload]() -> absl::StatusOr<Pass> {
             ASSIGN_OR_RETURN(auto hot_path, HotPath::Create(workload));
             return Pass([hot_path] { return hot_path->Run(); });
           });
}

}  // namespace tocsin::bench
