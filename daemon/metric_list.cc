#include "daemon/metric_list.h"

#include <limits>

namespace tocsin {

prometheus::MetricFamily& MetricList::Add(std::string name, std::string help,
                                          prometheus::MetricType type) {
  prometheus::MetricFamily& family = families_.emplace_back();
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

void MetricList::Counter(std::string name, std::string help, const Samples& samples) {
  auto& family = Add(std::move(name), std::move(help), prometheus::MetricType::Counter);
  for (const Sample& sample : samples) {
    auto& metric = family.metric.emplace_back();
    metric.label = sample.labels;
    metric.counter.value = sample.value;
  }
}

void MetricList::Gauge(std::string name, std::string help, const Samples& samples) {
  auto& family = Add(std::move(name), std::move(help), prometheus::MetricType::Gauge);
  for (const Sample& sample : samples) {
    auto& metric = family.metric.emplace_back();
    metric.label = sample.labels;
    metric.gauge.value = sample.value;
  }
}

void MetricList::Histograms(std::string name, std::string help,
                            const std::vector<const Histogram*>& all) {
  auto& family = Add(std::move(name), std::move(help), prometheus::MetricType::Histogram);
  if (all.empty()) return;
  auto& values = family.metric.emplace_back().histogram;
  for (const double bound : all.front()->bounds()) {
    values.bucket.push_back({.cumulative_count = 0, .upper_bound = bound});
  }
  values.bucket.push_back(
      {.cumulative_count = 0, .upper_bound = std::numeric_limits<double>::infinity()});
  for (const Histogram* histogram : all) {
    const Histogram::Values one = histogram->Snapshot();
    uint64_t sum = 0;
    for (size_t i = 0; i < one.counts.size(); ++i) {
      values.bucket[i].cumulative_count += sum += one.counts[i];
    }
    values.sample_count += sum;
    values.sample_sum += one.sum;
  }
}

}  // namespace tocsin
