#include "bench/reporter.h"

#include <fmt/format.h>
#include <hwy/nanobenchmark.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace tocsin::bench {
namespace {

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Spread(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return (*most - *least) / Median(values);
}

// Why a run failed. Debian 13's library has other names for it than Debian 12's.
template <typename Run>
std::optional<std::string> ErrorOf(const Run& run) {
  if constexpr (requires { run.error_occurred; }) {
    if (run.error_occurred) return run.error_message;
  } else {
    if (run.skipped) return run.skip_message;
  }
  return std::nullopt;
}

}  // namespace

bool TableReporter::ReportContext(const Context&) {
  for (const auto& [name, value] : *benchmark::internal::GetGlobalContext()) {
    GetOutputStream() << fmt::format("{:<18} {}\n", name, value);
  }
  GetOutputStream() << '\n' << std::flush;
  return true;
}

void TableReporter::ReportRuns(const std::vector<Run>& runs) {
  std::vector<double> wall_s;
  std::vector<double> cpu_s;
  const Run* last = nullptr;
  for (const Run& run : runs) {
    if (run.run_type == Run::RT_Aggregate) continue;
    if (const auto error = ErrorOf(run)) {
      ++failures_;
      GetErrorStream() << fmt::format("{}: {}\n", run.benchmark_name(), *error);
      return;
    }
    const auto passes = static_cast<double>(run.iterations);
    wall_s.push_back(run.real_accumulated_time / passes);
    cpu_s.push_back(run.cpu_accumulated_time / passes);
    last = &run;
  }
  if (last == nullptr) return;
  const std::string& name = last->run_name.function_name;
  const size_t slash = name.find('/');
  const double articles = last->counters.at("articles");
  const double bytes = last->counters.at("bytes");
  rows_.push_back({.order = {last->family_index, last->per_family_instance_index},
                   .stage = name.substr(0, slash),
                   .workload = name.substr(slash + 1),
                   .threads = last->threads,
                   .articles_per_s = articles / Median(wall_s),
                   .articles_per_s_core = articles / Median(cpu_s),
                   .bytes_per_s_core = bytes / Median(cpu_s),
                   .spread = Spread(cpu_s)});
}

const TableReporter::Row* TableReporter::Find(const std::string& stage, const Row& like,
                                              int64_t threads) const {
  const auto at = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) {
    return row.stage == stage && row.workload == like.workload && row.threads == threads;
  });
  return at == rows_.end() ? nullptr : &*at;
}

void TableReporter::Finalize() {
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return a.order < b.order; });
  const double ticks_per_s = hwy::platform::InvariantTicksPerSecond();
  std::ostream& out = GetOutputStream();
  out << fmt::format("{:<9} {:<9} {:>7} {:>11} {:>11} {:>10} {:>6} {:>8} {:>7} {:>9} {:>8}\n",
                     "stage", "articles", "threads", "articles/s", "per core", "ns/article", "GB/s",
                     "cycles/B", "spread", "of decode", "speed-up");
  for (const Row& row : rows_) {
    const Row* const decode = Find("decode", row, row.threads);
    const Row* const single = Find(row.stage, row, 1);
    out << fmt::format(
        "{:<9} {:<9} {:>7} {:>11.0f} {:>11.0f} {:>10.0f} {:>6.2f} {:>8.2f} {:>6.0f}% {:>9} {:>8}\n",
        row.stage, row.workload, row.threads, row.articles_per_s, row.articles_per_s_core,
        1e9 / row.articles_per_s_core, row.bytes_per_s_core / 1e9,
        ticks_per_s / row.bytes_per_s_core, row.spread * 100,
        decode ? fmt::format("{:.2f}", row.articles_per_s_core / decode->articles_per_s_core) : "",
        single && row.threads > 1
            ? fmt::format("{:.2f}", row.articles_per_s / single->articles_per_s)
            : "");
  }
  out << std::flush;
}

}  // namespace tocsin::bench
