#include "daemon/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "daemon/metric_list.h"
#include "daemon/process_usage.h"

namespace tocsin {
namespace {

using Workers = std::vector<Counters>;
using Samples = MetricList::Samples;

constexpr double kMillisecond = 1e-3;
constexpr double kMicrosecond = 1e-6;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Samples Sum(const Workers& workers, Counter Counters::* counter) {
  uint64_t sum = 0;
  for (const Counters& worker : workers) sum += (worker.*counter).value();
  return {{{}, static_cast<double>(sum)}};
}

Samples Sum(const Workers& workers, Gauge Counters::* gauge) {
  int64_t sum = 0;
  for (const Counters& worker : workers) sum += (worker.*gauge).value();
  return {{{}, static_cast<double>(sum)}};
}

// Of each combination of labels, named in their order.
template <size_t kLabels>
Samples Sum(const Workers& workers, Family<Counter, kLabels> Counters::* family,
            const std::array<const char*, kLabels>& names) {
  std::map<std::array<std::string, kLabels>, uint64_t> sums;
  for (const Counters& worker : workers) {
    for (const auto& [key, count] : (worker.*family).Snapshot()) sums[key] += count;
  }
  Samples samples;
  for (const auto& [key, count] : sums) {
    auto& sample = samples.emplace_back();
    sample.value = static_cast<double>(count);
    for (size_t i = 0; i < kLabels; ++i) sample.labels.push_back({names[i], key[i]});
  }
  return samples;
}

Samples StageSeconds(const Workers& workers) {
  Samples samples;
  for (size_t i = 0; i < kStageNames.size(); ++i) {
    double seconds = 0;
    for (const Counters& worker : workers) seconds += worker.stages.seconds(static_cast<Stage>(i));
    samples.push_back({{{"stage", std::string(kStageNames[i])}}, seconds});
  }
  return samples;
}

// Since the start where none has come yet.
Samples LastRecordAges(const Workers& workers, int64_t started_ms) {
  std::map<std::string, int64_t> last_ms;
  for (const Counters& worker : workers) {
    for (const auto& [key, at_ms] : worker.last_record_ms.Snapshot()) {
      int64_t& last = last_ms.try_emplace(key[0], started_ms).first->second;
      last = std::max(last, at_ms);
    }
  }
  Samples samples;
  const int64_t now_ms = NowMs();
  for (const auto& [kafka_topic, at_ms] : last_ms) {
    samples.push_back({{{"kafka_topic", kafka_topic}},
                       static_cast<double>(std::max(now_ms - at_ms, int64_t{0})) * kMillisecond});
  }
  return samples;
}

Samples LagsOf(const Workers& workers) {
  Samples samples;
  for (const Counters& worker : workers) {
    for (const Lag& lag : worker.lags.Snapshot()) {
      samples.push_back(
          {{{"kafka_topic", lag.kafka_topic}, {"partition", std::to_string(lag.partition)}},
           static_cast<double>(lag.records)});
    }
  }
  return samples;
}

void AddConsume(const Workers& workers, int64_t started_ms, MetricList* list) {
  list->Counter("tocsin_records_consumed_total",
                "Records taken from Kafka, tombstones and bad ones included.",
                Sum<1>(workers, &Counters::consumed, {"kafka_topic"}));
  list->Counter("tocsin_consumed_bytes_total", "Bytes of the values of records consumed.",
                Sum<1>(workers, &Counters::consumed_bytes, {"kafka_topic"}));
  list->Counter("tocsin_tombstones_total", "Records consumed that have no value.",
                Sum(workers, &Counters::tombstones));
  list->Counter("tocsin_deleted_unread_total",
                "Offsets that Kafka had deleted, by retention, before they were read.",
                Sum<1>(workers, &Counters::deleted_unread, {"kafka_topic"}));
  list->Gauge("tocsin_last_record_age_seconds",
              "Time since this process consumed a record of the Kafka topic, or since its start.",
              LastRecordAges(workers, started_ms));
  list->Gauge("tocsin_lag_records",
              "Offsets between the end of a partition that is ours and what we have committed.",
              LagsOf(workers));
  list->Counter("tocsin_rebalances_total",
                "Changes of the workers' partitions, by what happened to them.",
                Sum<1>(workers, &Counters::rebalances, {"type"}));
  list->Gauge("tocsin_fetch_queue_records", "Records fetched that wait for a worker.",
              Sum(workers, &Counters::fetch_queue_records));
}

void AddMatch(const Workers& workers, MetricList* list) {
  list->Counter("tocsin_surrogates_replaced_total",
                "Lone surrogates in articles that were read as U+FFFD.",
                Sum(workers, &Counters::surrogates_replaced));
  list->Counter("tocsin_values_unread_total",
                "Values of articles, by field, that were there and could not be read: times, "
                "languages and the like. The field stays empty.",
                Sum<1>(workers, &Counters::values_unread, {"field"}));
  list->Counter("tocsin_articles_matched_total", "Articles that at least one rule holds for.",
                Sum(workers, &Counters::matched));
  list->Counter("tocsin_topic_matches_total", "Articles that a rule of the topic holds for.",
                Sum<1>(workers, &Counters::matched_topics, {"topic"}));
  list->Counter("tocsin_rule_matches_total",
                "Articles that the rule holds for, experimental rules included.",
                Sum<1>(workers, &Counters::matched_rules, {"rule"}));
  // Nothing where no article is checked: 0 differences would say that all is well.
  list->Counter("tocsin_cross_checked_articles_total",
                "Articles matched once more in the plain way, by whether the same rules held.",
                Sum<1>(workers, &Counters::cross_checked, {"result"}));
  list->Counter("tocsin_cross_check_differences_total",
                "The same that the rule holds for in one way and not in the other.",
                Sum<1>(workers, &Counters::cross_check_differences, {"rule"}));
}

void AddPublish(const Workers& workers, MetricList* list) {
  list->Counter("tocsin_records_published_total",
                "Records handed to the producer, dead letters included; again after a rewind.",
                Sum<1>(workers, &Counters::published, {"kafka_topic"}));
  list->Counter("tocsin_published_bytes_total",
                "Bytes of keys and values handed to the producer, before compression.",
                Sum<1>(workers, &Counters::published_bytes, {"kafka_topic"}));
  list->Counter("tocsin_records_acknowledged_total",
                "Records published that the brokers have acknowledged.",
                Sum(workers, &Counters::acknowledged));
  list->Counter("tocsin_dead_letters_total",
                "Dead letters published, by the Kafka topic that the record came from.",
                Sum<2>(workers, &Counters::dead_lettered, {"kafka_topic", "reason"}));
  list->Gauge("tocsin_publish_queue_records", "Records published that wait for acknowledgement.",
              Sum(workers, &Counters::publish_queue_records));
  list->Counter("tocsin_producers_replaced_total",
                "Producers replaced because a transaction's outcome was in doubt, or they failed.",
                Sum(workers, &Counters::producers_replaced));
}

void AddLoop(const Workers& workers, MetricList* list) {
  list->Counter("tocsin_records_committed_total",
                "Records done for good: outputs acknowledged, offset committed.",
                Sum(workers, &Counters::committed_records));
  list->Counter("tocsin_commits_total", "Commits of offsets.", Sum(workers, &Counters::commits));
  Samples transactions = Sum(workers, &Counters::transactions_committed);
  transactions.front().labels = {{"result", "committed"}};
  transactions.push_back(Sum(workers, &Counters::transactions_aborted).front());
  transactions.back().labels = {{"result", "aborted"}};
  list->Counter("tocsin_transactions_total", "Transactions, by how they ended.", transactions);
  list->Counter("tocsin_rewinds_total",
                "Times that a worker went back to the committed offsets after a failure.",
                Sum(workers, &Counters::rewinds));
  list->Counter("tocsin_stage_seconds_total",
                "The workers' time by stage; consume is waiting for records, too.",
                StageSeconds(workers));
  std::vector<const Histogram*> end_to_end;
  std::vector<const Histogram*> processing;
  Samples progress;
  for (const Counters& worker : workers) {
    progress.push_back({{{"worker", std::to_string(progress.size())}},
                        worker.is_running.value() != 0 ? worker.stages.SinceEntered().count() : 0});
    end_to_end.push_back(&worker.end_to_end);
    processing.push_back(&worker.processing);
  }
  list->Histograms("tocsin_end_to_end_latency_seconds",
                   "From a record's timestamp to the commit of its offset.", end_to_end);
  list->Histograms("tocsin_processing_latency_seconds",
                   "From the poll that brought a record to the commit of its offset.", processing);
  list->Gauge("tocsin_worker_progress_age_seconds",
              "Time since the worker passed from one stage to the next; 0 if it has ended.",
              progress);
}

void AddBrokers(const Workers& workers, MetricList* list) {
  size_t consumers = 0;
  size_t producers = 0;
  uint64_t consumers_closed = 0;
  uint64_t producers_closed = 0;
  for (const Counters& worker : workers) {
    consumers += worker.consumer_sockets.Connected();
    producers += worker.producer_sockets.Connected();
    consumers_closed += worker.consumer_sockets.closed();
    producers_closed += worker.producer_sockets.closed();
  }
  list->Gauge("tocsin_broker_connections", "Open connections to Kafka brokers.",
              {{{{"client", "consumer"}}, static_cast<double>(consumers)},
               {{{"client", "producer"}}, static_cast<double>(producers)}});
  list->Counter("tocsin_broker_disconnects_total",
                "Connections to Kafka brokers that were closed, or could not be made.",
                {{{{"client", "consumer"}}, static_cast<double>(consumers_closed)},
                 {{{"client", "producer"}}, static_cast<double>(producers_closed)}});
}

void AddRules(const ReloadStatus::Values& reloads, MetricList* list) {
  Samples version;  // there is none while the rules are compiled
  if (!reloads.version.empty()) version.push_back({{{"version", reloads.version}}, 1});
  list->Gauge("tocsin_rule_set_info", "Always 1; the version of the rule set in use.", version);
  list->Gauge("tocsin_rules", "Rules in use.", {{{}, static_cast<double>(reloads.rules)}});
  list->Counter("tocsin_reloads_total", "Reloads of the rules, by result.",
                {{{{"result", "success"}}, static_cast<double>(reloads.succeeded)},
                 {{{"result", "failure"}}, static_cast<double>(reloads.failed)}});
  list->Gauge("tocsin_last_reload_successful",
              "1 if the last reload succeeded, or there was none; 0 if it failed.",
              {{{}, reloads.failure.empty() ? 1.0 : 0.0}});
  const std::chrono::duration<double> loaded = reloads.loaded.time_since_epoch();
  list->Gauge("tocsin_rules_loaded_timestamp_seconds",
              "When the rules in use came into use, since the epoch.", {{{}, loaded.count()}});
}

void AddAlerts(const Workers& workers, MetricList* list) {
  list->Counter("tocsin_mentions_total",
                "Tagged articles that tocsin alert has compared, by how each belongs to its story.",
                Sum<2>(workers, &Counters::mentions, {"topic", "novelty"}));
  list->Counter("tocsin_alerts_total", "The same, by what became of them.",
                Sum<2>(workers, &Counters::alerts, {"topic", "result"}));
  // Of the others there is nothing to say: a 0 would be one that stands by.
  const bool takes_part = workers.front().alert_takes_part.value() != 0;
  Samples active = takes_part ? Sum(workers, &Counters::alert_is_active) : Samples();
  Samples restore = takes_part ? Sum(workers, &Counters::alert_restore_ms) : Samples();
  for (auto& sample : restore) sample.value *= kMillisecond;
  Samples window = takes_part ? Sum(workers, &Counters::window_articles) : Samples();
  list->Gauge("tocsin_alert_active",
              "Of tocsin alert: 1 while this process is the one that alerts; 0 while it stands by, "
              "or restores.",
              active);
  list->Gauge("tocsin_alert_restore_seconds",
              "Of tocsin alert: time from the lock to the first poll, the last time that it came.",
              restore);
  list->Gauge("tocsin_alert_window_articles",
              "Of tocsin alert: articles that new ones are compared with.", window);
}

void AddNotify(const Workers& workers, MetricList* list) {
  list->Counter("tocsin_webhook_posts_total", "Posts to the webhook, by what came of them.",
                Sum<2>(workers, &Counters::webhook_posts, {"webhook", "result"}));
  Samples seconds = Sum<1>(workers, &Counters::webhook_post_us, {"webhook"});
  for (auto& sample : seconds) sample.value *= kMicrosecond;
  list->Counter("tocsin_webhook_post_seconds_total", "Time from posts to their answers.", seconds);
  list->Counter("tocsin_webhook_alerts_total", "Alerts for the webhook, by what became of them.",
                Sum<2>(workers, &Counters::webhook_alerts, {"webhook", "result"}));
  Samples retrying;
  const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::steady_clock::now().time_since_epoch())
                             .count();
  for (const Counters& worker : workers) {
    for (const auto& [key, since_ms] : worker.webhook_retrying_since_ms.Snapshot()) {
      retrying.push_back(
          {{{"webhook", key[0]}},
           since_ms == 0 ? 0.0 : static_cast<double>(now_ms - since_ms) * kMillisecond});
    }
  }
  list->Gauge(
      "tocsin_webhook_retrying_seconds",
      "Time since the first post of the alert that the webhook has not taken; 0 if there is none.",
      retrying);
}

void AddProcess(size_t memory_budget, MetricList* list) {
  const ProcessUsage usage = ReadProcessUsage();
  list->Gauge("tocsin_memory_budget_bytes", "The configured memory_budget.",
              {{{}, static_cast<double>(memory_budget)}});
  list->Gauge("tocsin_build_info", "Always 1; the version of the program.",
              {{{{"version", TOCSIN_VERSION}}, 1}});
  list->Counter("process_cpu_seconds_total", "Processor time used, user and system.",
                {{{}, usage.cpu_seconds}});
  list->Gauge("process_resident_memory_bytes", "Resident memory.",
              {{{}, static_cast<double>(usage.resident_bytes)}});
  list->Gauge("process_virtual_memory_bytes", "Virtual memory.",
              {{{}, static_cast<double>(usage.virtual_bytes)}});
  list->Gauge("process_open_fds", "Open file descriptors.",
              {{{}, static_cast<double>(usage.open_fds)}});
  list->Gauge("process_max_fds", "File descriptors that may be open.",
              {{{}, static_cast<double>(usage.max_fds)}});
  list->Gauge("process_start_time_seconds", "When the process started, since the epoch.",
              {{{}, usage.started}});
}

}  // namespace

Metrics::Metrics(const Config& config, Workers* workers, const Health* health,
                 const ReloadStatus* reloads)
    : memory_budget_(config.memory_budget),
      started_ms_(NowMs()),
      workers_(workers),
      health_(health),
      reloads_(reloads) {}

std::vector<prometheus::MetricFamily> Metrics::Collect() const {
  MetricList list;
  AddConsume(*workers_, started_ms_, &list);
  AddMatch(*workers_, &list);
  AddPublish(*workers_, &list);
  AddLoop(*workers_, &list);
  AddBrokers(*workers_, &list);
  list.Gauge("tocsin_workers", "Workers that run.", Sum(*workers_, &Counters::is_running));
  list.Gauge("tocsin_ready", "1 if /readyz answers 200, else 0.",
             {{{}, health_->Reasons().empty() ? 1.0 : 0.0}});
  AddAlerts(*workers_, &list);
  AddNotify(*workers_, &list);
  AddRules(reloads_->Get(), &list);
  AddProcess(memory_budget_, &list);
  return list.Take();
}

std::string Metrics::Text() const {
  const std::lock_guard lock(scrape_);
  return prometheus::TextSerializer().Serialize(Collect());
}

}  // namespace tocsin
