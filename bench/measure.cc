#include "bench/measure.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bench/machine.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

absl::Status RunOnce(const Pass& pass, const Tally& want) {
  ASSIGN_OR_RETURN(const Tally got, pass());
  if (got == want) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("answer {}/{}, want {}/{}", got.items, got.bytes, want.items, want.bytes));
}

absl::StatusOr<Pass> PrepareThread(int thread_index, const Stage& stage,
                                   const MakePass& make_pass) {
  RETURN_IF_ERROR(Pin(thread_index));
  ASSIGN_OR_RETURN(Pass pass, make_pass());
  RETURN_IF_ERROR(RunOnce(pass, stage.answer));
  return pass;
}

void Measure(benchmark::State& state, size_t articles, const Stage& stage,
             const MakePass& make_pass) {
  const absl::StatusOr<Pass> pass = PrepareThread(state.thread_index(), stage, make_pass);
  if (!pass.ok()) {
    state.SkipWithError(std::string(pass.status().message()).c_str());
    return;
  }
  for (auto _ : state) {
    const absl::Status status = RunOnce(*pass, stage.answer);
    if (!status.ok()) {
      state.SkipWithError(std::string(status.message()).c_str());
      break;
    }
  }
  using benchmark::Counter;
  const auto passes = static_cast<double>(state.iterations());
  state.counters["articles"] = Counter(static_cast<double>(articles), Counter::kAvgThreads);
  state.counters["bytes"] = Counter(static_cast<double>(stage.bytes), Counter::kAvgThreads);
  state.counters["articles_per_s_core"] =
      Counter(passes * static_cast<double>(articles), Counter::kIsRate);
  state.counters["bytes_per_s_core"] =
      Counter(passes * static_cast<double>(stage.bytes), Counter::kIsRate);
}

}  // namespace

void Register(const std::string& stage_name, const Workload& workload, const Stage& stage,
              MakePass make_pass) {
  benchmark::RegisterBenchmark(
      fmt::format("{}/{}", stage_name, workload.name).c_str(),
      [articles = workload.works.size(), stage, make_pass = std::move(make_pass)](
          benchmark::State& state) { Measure(state, articles, stage, make_pass); })
      ->Unit(benchmark::kMillisecond)
      ->ThreadRange(1, std::min<int>(2, static_cast<int>(Cpus().size())));
}

}  // namespace tocsin::bench
