#include "daemon/metrics.h"

#include <gtest/gtest.h>
#include <prometheus/metric_family.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {
namespace {

// What is said of a metric: that of the table, or that of a scrape.
struct Row {
  std::string type;
  std::string labels;
  std::string unit;
  std::string meaning;
  friend bool operator==(const Row&, const Row&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.type << " | " << row.labels << " | " << row.unit << " | " << row.meaning;
  }
};
using Rows = std::map<std::string, Row>;

std::string Trim(std::string text) {
  std::erase(text, '`');
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? ""
                                    : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Lines such as: | `tocsin_ready` | gauge | | 1 | What it means. |
Rows Documented() {
  Rows rows;
  std::ifstream file(TOCSIN_SOURCE_DIR "/deploy/metrics.md");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `tocsin_") && !line.starts_with("| `process_")) continue;
    std::vector<std::string> cells;
    std::istringstream words(line.substr(1));
    for (std::string cell; std::getline(words, cell, '|');) cells.push_back(Trim(cell));
    EXPECT_EQ(cells.size(), 5U) << line;
    cells.resize(5);
    const bool is_new =
        rows.try_emplace(cells[0], Row{cells[1], cells[2], cells[3], cells[4]}).second;
    EXPECT_TRUE(is_new) << "twice: " << line;
  }
  return rows;
}

std::string TypeOf(const prometheus::MetricFamily& family) {
  switch (family.type) {
    case prometheus::MetricType::Counter:
      return "counter";
    case prometheus::MetricType::Gauge:
      return "gauge";
    case prometheus::MetricType::Histogram:
      return "histogram";
    default:
      return "another";
  }
}

std::string LabelsOf(const prometheus::MetricFamily& family) {
  std::string labels;
  for (const auto& label : family.metric.front().label) {
    labels += (labels.empty() ? "" : ", ") + label.name;
  }
  return labels;
}

// Base units end a name; a version, a truth and a number of things have none.
std::string UnitOf(std::string_view name) {
  if (name.ends_with("_total")) name.remove_suffix(std::string_view("_total").size());
  if (name.ends_with("_seconds")) return "seconds";
  if (name.ends_with("_bytes")) return "bytes";
  return "1";
}

class MetricsTest : public testing::Test {
 protected:
  MetricsTest() {
    config_.input = {"news.raw"};
    reloads_.Loaded("abc", 2);
    for (Counters& worker : workers_) {
      worker.consumed.Add({"news.raw"}, 3);
      worker.consumed_bytes.Add({"news.raw"}, 10);
      worker.deleted_unread.Add({"news.raw"}, 1);
      worker.last_record_ms.At({"news.raw"}).Set(1);
      worker.rebalances.Add({"assigned"}, 1);
      worker.matched_topics.Add({"ceasefire"}, 1);
      worker.matched_rules.Add({"ceasefire.mention"}, 1);
      worker.cross_checked.Add({"different"}, 1);
      worker.cross_check_differences.Add({"ceasefire.mention"}, 1);
      worker.published.Add({"news.ceasefire"}, 1);
      worker.published_bytes.Add({"news.ceasefire"}, 1);
      worker.values_unread.Add({"published"}, 1);
      worker.dead_lettered.Add({"news.raw", "malformed_json"}, 1);
      worker.mentions.Add({"ceasefire", "new"}, 1);
      worker.alerts.Add({"ceasefire", "alerted"}, 1);
      worker.alert_takes_part.Set(1);
      worker.alert_restore_ms.Set(250);
      worker.webhook_posts.Add({"desk", "2xx"}, 1);
      worker.webhook_post_us.Add({"desk"}, 250'000);
      worker.webhook_alerts.Add({"desk", "delivered"}, 1);
      worker.webhook_retrying_since_ms.At({"desk"});
      worker.end_to_end.Observe(0.3);
    }
    workers_[0].lags.Add("news.raw", 0);
    workers_[0].lags.NoteEnd("news.raw", 0, 0, 5);
    workers_[0].lags.NoteHigh("news.raw", 0, 12);
  }

  std::string Line(const std::string& begin) const {
    std::istringstream lines(metrics_.Text());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(begin + " ")) return line.substr(begin.size() + 1);
    }
    return "none";
  }

  Config config_;
  std::vector<Counters> workers_ = std::vector<Counters>(2);
  ReloadStatus reloads_;
  std::stop_source stop_;
  Health health_{&workers_, stop_.get_token()};
  Metrics metrics_{config_, &workers_, &health_, &reloads_};
};

TEST_F(MetricsTest, AreThoseOfTheTableInNameTypeLabelsUnitAndMeaning) {
  const Rows documented = Documented();
  Rows scraped;
  for (const prometheus::MetricFamily& family : metrics_.Collect()) {
    ASSERT_FALSE(family.metric.empty()) << family.name << ": this test must make it appear";
    scraped[family.name] = {TypeOf(family), LabelsOf(family), UnitOf(family.name), family.help};
  }
  for (const auto& [name, row] : scraped) {
    EXPECT_TRUE(documented.contains(name)) << "not in deploy/metrics.md: " << name;
    if (documented.contains(name)) {
      EXPECT_EQ(documented.at(name), row) << name;
    }
  }
  for (const auto& [name, row] : documented) {
    EXPECT_TRUE(scraped.contains(name)) << "in deploy/metrics.md only: " << name;
  }
}

TEST_F(MetricsTest, NamesFollowPrometheus) {
  for (const prometheus::MetricFamily& family : metrics_.Collect()) {
    const bool is_counter = family.type == prometheus::MetricType::Counter;
    EXPECT_EQ(family.name.ends_with("_total"), is_counter) << family.name;
    EXPECT_TRUE(family.name.starts_with("tocsin_") || family.name.starts_with("process_"));
    EXPECT_EQ(family.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos);
  }
}

TEST_F(MetricsTest, AddTheWorkersUp) {
  EXPECT_EQ(Line("tocsin_records_consumed_total{kafka_topic=\"news.raw\"}"), "6");
  EXPECT_EQ(Line("tocsin_dead_letters_total{kafka_topic=\"news.raw\",reason=\"malformed_json\"}"),
            "2");
  EXPECT_EQ(Line("tocsin_lag_records{kafka_topic=\"news.raw\",partition=\"0\"}"), "7");
  EXPECT_EQ(Line("tocsin_end_to_end_latency_seconds_bucket{le=\"0.25\"}"), "0");
  EXPECT_EQ(Line("tocsin_end_to_end_latency_seconds_bucket{le=\"0.5\"}"), "2");
  EXPECT_EQ(Line("tocsin_end_to_end_latency_seconds_bucket{le=\"+Inf\"}"), "2");
  EXPECT_EQ(Line("tocsin_end_to_end_latency_seconds_count"), "2");
  EXPECT_EQ(Line("tocsin_end_to_end_latency_seconds_sum"), "0.6");
}

TEST_F(MetricsTest, OnlyThoseThatTakePartSayWhetherTheyAlert) {
  EXPECT_EQ(Line("tocsin_alert_active"), "0");
  EXPECT_EQ(Line("tocsin_alert_restore_seconds"), "0.5");
  for (Counters& worker : workers_) worker.alert_takes_part.Set(0);
  EXPECT_EQ(metrics_.Text().find("\ntocsin_alert_active "), std::string::npos);
}

TEST_F(MetricsTest, ExpectedAlertsCountFromZero) {
  metrics_.ExpectAlerts(config_);
  EXPECT_EQ(
      Line("tocsin_dead_letters_total{kafka_topic=\"news.ceasefire\",reason=\"not_published\"}"),
      "0");
  EXPECT_EQ(Line("tocsin_records_published_total{kafka_topic=\"news.alerts\"}"), "0");
}

TEST_F(MetricsTest, ExpectedWebhooksCountFromZero) {
  config_.notify.webhooks = {{"new", "https://desk.example/"}};
  metrics_.ExpectWebhooks(config_);
  EXPECT_EQ(Line("tocsin_webhook_posts_total{webhook=\"new\",result=\"5xx\"}"), "0");
  EXPECT_EQ(Line("tocsin_webhook_alerts_total{webhook=\"new\",result=\"dead_letter\"}"), "0");
  EXPECT_EQ(
      Line("tocsin_dead_letters_total{kafka_topic=\"news.alerts\",reason=\"webhook_expired\"}"),
      "0");
  EXPECT_EQ(Line("tocsin_webhook_post_seconds_total{webhook=\"desk\"}"), "0.5");
}

TEST_F(MetricsTest, APartitionThatIsGivenUpHasNoLagAnyMore) {
  workers_[0].lags.Remove("news.raw", 0);
  EXPECT_EQ(metrics_.Text().find("tocsin_lag_records{"), std::string::npos);
}

TEST_F(MetricsTest, AFailedReloadKeepsTheVersionAndShows) {
  reloads_.Failed("rules/x.yaml:1:1: no");
  EXPECT_EQ(Line("tocsin_last_reload_successful"), "0");
  EXPECT_EQ(Line("tocsin_reloads_total{result=\"failure\"}"), "1");
  EXPECT_EQ(Line("tocsin_rule_set_info{version=\"abc\"}"), "1");
  reloads_.Reloaded("def", 3);
  EXPECT_EQ(Line("tocsin_last_reload_successful"), "1");
  EXPECT_EQ(Line("tocsin_reloads_total{result=\"success\"}"), "1");
  EXPECT_EQ(Line("tocsin_rule_set_info{version=\"def\"}"), "1");
  EXPECT_EQ(Line("tocsin_rules"), "3");
}

TEST_F(MetricsTest, TheKernelIsAskedAboutTheProcess) {
  for (const char* name : {"process_resident_memory_bytes", "process_virtual_memory_bytes",
                           "process_open_fds", "process_max_fds", "process_start_time_seconds"}) {
    EXPECT_GT(std::stod(Line(name)), 1) << name;
  }
}

}  // namespace
}  // namespace tocsin
