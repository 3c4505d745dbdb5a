#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/machine.h"
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
      ASSIGN_OR_RETURN(const Tally one, RunOne(work));
      tally += one;
    }
    return tally;
  }

  // What becomes of one article.
  absl::StatusOr<Tally> RunOne(const Work& work) {
    const Record record = RecordOf(work);
    meter_.Taken(record);
    meter_.Enter(tocsin::Stage::kDecode);
    ASSIGN_OR_RETURN(const Article* article, decoder_.Decode(work.json));
    meter_.Enter(tocsin::Stage::kMatch);
    RETURN_IF_ERROR(matcher_.Match(*article, &matches_));
    records_.clear();
    if (!matches_.rules.empty()) meter_.Enter(tocsin::Stage::kEncode);
    encoder_.Encode(record, *article, matches_, &records_);
    meter_.Done(record);
    if (++uncommitted_ == kCommitRecords) Commit();
    return TallyOf(records_);
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

// "p50 9.1, p99 80.2, p99.9 250.3, most 900.1", of nanoseconds in microseconds.
std::string Percentiles(std::vector<int64_t> all_ns) {
  std::sort(all_ns.begin(), all_ns.end());
  const auto at = [&](double share) {
    const auto last = static_cast<double>(all_ns.size() - 1);
    return static_cast<double>(all_ns[static_cast<size_t>(share * last)]) / 1000;
  };
  return fmt::format("p50 {:.1f}, p99 {:.1f}, p99.9 {:.1f}, most {:.1f}", at(0.5), at(0.99),
                     at(0.999), at(1));
}

}  // namespace

absl::StatusOr<std::string> HotPathLatency(const Workload& workload) {
  using Clock = std::chrono::steady_clock;
  constexpr int kPasses = 11;
  RETURN_IF_ERROR(Pin(0));
  ASSIGN_OR_RETURN(const auto hot_path, HotPath::Create(workload));
  RETURN_IF_ERROR(hot_path->Run().status());  // once to warm up
  std::vector<int64_t> all_ns;
  std::vector<int64_t> least_ns(workload.works.size(), INT64_MAX);
  for (int pass = 0; pass < kPasses; ++pass) {
    for (size_t i = 0; i < workload.works.size(); ++i) {
      const Work& work = workload.works[i];
      const Clock::time_point begin = Clock::now();
      ASSIGN_OR_RETURN(const Tally tally, hot_path->RunOne(work));
      const std::chrono::nanoseconds took = Clock::now() - begin;
      if (tally.items != work.answer.encode.items) {
        return absl::InternalError(fmt::format("article {}: {} records, want {}", i, tally.items,
                                               work.answer.encode.items));
      }
      all_ns.push_back(took.count());
      least_ns[i] = std::min<int64_t>(least_ns[i], took.count());
    }
  }
  return fmt::format("hot path, us of wall time an article, {}: {}; the least of its {} passes: {}",
                     workload.name, Percentiles(std::move(all_ns)), kPasses,
                     Percentiles(std::move(least_ns)));
}

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
