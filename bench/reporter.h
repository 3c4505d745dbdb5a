// The results as a table: medians over the repetitions, with their spread, and the two ratios that
// matter.
//
//   TableReporter reporter;
//   benchmark::RunSpecifiedBenchmarks(&reporter);
//   return reporter.failures() == 0 ? 0 : 1;
//
// Shape     printed at the end, in the order of registration, so that repetitions may be
//           interleaved.
// Units     articles/s: by wall time, all threads. per core, ns/article, GB/s, cycles/B: by CPU time,
//           one core; cycles of the time stamp counter, whatever clock the core runs at. spread: (largest - smallest) / median of the CPU time. of decode: per core,
//           against decoding the same articles on as many threads. speed-up: articles/s against one
//           thread.
#ifndef TOCSIN_BENCH_REPORTER_H_
#define TOCSIN_BENCH_REPORTER_H_

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace tocsin::bench {

class TableReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  int failures() const { return failures_; }

 private:
  struct Row {
    std::pair<int64_t, int64_t> order;
    std::string stage;
    std::string workload;
    int64_t threads;
    double articles_per_s;
    double articles_per_s_core;
    double bytes_per_s_core;
    double spread;
  };

  const Row* Find(const std::string& stage, const Row& like, int64_t threads) const;

  std::vector<Row> rows_;
  int failures_ = 0;
};

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_REPORTER_H_
