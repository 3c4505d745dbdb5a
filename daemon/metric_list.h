// Metric families as they are put together for a scrape.
//
//   MetricList list;
//   list.Counter("tocsin_commits_total", "Commits.", {{{}, 7}});
//   list.Gauge("tocsin_ready", "Whether ...", {{{}, 1}});
//   return list.Take();
//
// Shape     in the order of the calls; a family without samples is there, too.
#ifndef TOCSIN_DAEMON_METRIC_LIST_H_
#define TOCSIN_DAEMON_METRIC_LIST_H_

#include <prometheus/metric_family.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/counters.h"

namespace tocsin {

class MetricList {
 public:
  struct Sample {
    std::vector<prometheus::ClientMetric::Label> labels;
    double value = 0;
  };
  using Samples = std::vector<Sample>;

  void Counter(std::string name, std::string help, const Samples& samples);
  void Gauge(std::string name, std::string help, const Samples& samples);
  // One for each of the histograms' bounds: of all of them together.
  void Histograms(std::string name, std::string help, const std::vector<const Histogram*>& all);

  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  prometheus::MetricFamily& Add(std::string name, std::string help, prometheus::MetricType type);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_METRIC_LIST_H_
