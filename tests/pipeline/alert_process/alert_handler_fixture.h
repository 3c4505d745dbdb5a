// A handler of alerts, what it is sent and what it publishes, without a broker.
//
//   Take({.id = "a1"});
//   EXPECT_EQ(Types(), List{kFirst});
#ifndef TOCSIN_TESTS_PIPELINE_ALERT_PROCESS_ALERT_HANDLER_FIXTURE_H_
#define TOCSIN_TESTS_PIPELINE_ALERT_PROCESS_ALERT_HANDLER_FIXTURE_H_

#include <absl/time/time.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/alert/alert_handler.h"

namespace tocsin {

inline constexpr int64_t kHour = 3'600'000;
inline constexpr int64_t kNow = 1'790'000'000'000;

// What was published since the last commit, and a compacted Kafka topic of what was committed.
class TransactionSink final : public Sink {
 public:
  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& output) override {
    if (output.value && output.value->size() > value_bytes_max) return absl::OutOfRangeError("big");
    open_.push_back(output);
    return absl::OkStatus();
  }
  absl::Status PublishDeadLetter(const Record& /*origin*/, const DeadLetter& why) override {
    open_.push_back(
        {.kafka_topic = "dead", .key = why.reason, .value = why.is_pointer ? "pointer" : "whole"});
    return absl::OkStatus();
  }
  absl::Status Commit(Source& /*source*/, const Offsets& /*next*/) override {
    return absl::OkStatus();
  }
  absl::Status Abort() override { return absl::OkStatus(); }

  void End(bool is_committed) {
    for (OutputRecord& record : open_) {
      if (!is_committed) break;
      if (record.kafka_topic == "news.alerts.state") {
        if (record.value) {
          state[*record.key] = *record.value;
        } else {
          state.erase(*record.key);
        }
      } else {
        committed.push_back(std::move(record));
      }
    }
    open_.clear();
  }

  size_t value_bytes_max = SIZE_MAX;
  std::vector<OutputRecord> committed;  // alerts and dead letters
  std::map<std::string, std::string> state;

 private:
  std::vector<OutputRecord> open_;
};

struct Sent {
  std::string id = "a1";
  std::string title = "Truce in Karvela";
  std::string body = "The government and the Karvela Front announced a ceasefire late on Monday.";
  std::string more;  // members of the article
  std::string tags;  // members of "tocsin"
  std::string topic = "ceasefire";
  int64_t timestamp_ms = kNow - 1000;
  bool is_backfill = false;
  bool is_matched = true;
};

inline std::string HeaderOf(const OutputRecord& record, std::string_view name) {
  for (const OutputHeader& header : record.headers) {
    if (header.name == name) return header.value.value_or("");
  }
  return "";
}

class AlertHandlerTest : public testing::Test {
 protected:
  AlertHandlerTest() {
    spdlog::set_level(spdlog::level::off);
    options_.window_ms = 48 * kHour;
    options_.max_age_ms = 48 * kHour;
    options_.now_ms = [this] { return now_ms_; };
    Restart();
  }

  // As a process that takes over: what is committed is all there is.
  void Restart() {
    handler_.reset();
    state_.emplace(options_.window_ms);
    for (const auto& [key, value] : sink_.state) {
      const int64_t oldest_ms = now_ms_ - options_.window_ms - options_.max_age_ms;
      ASSERT_TRUE(state_->Apply(key, value, oldest_ms).ok());
    }
    handler_.emplace(options_, &*state_, &sink_, &counters_);
  }

  void Handle(const Sent& sent) {
    static constexpr std::string_view kRule =
        R"({"id":"ceasefire.mention","hits":1,"evidence":[{"field":"body","start":49,"end":58,)"
        R"("exact":"ceasefire","prefix":"","suffix":""}]})";
    const std::string value = fmt::format(
        R"({{"tocsin":{{"schema_version":1,"topic":"{}","codes":{{}},"ruleset":"0","rules":[{}]{}}},)"
        R"("article":{{"id":"{}","title":"{}","body":"{}"{}}}}})",
        sent.topic, sent.is_matched ? kRule : "", sent.tags, sent.id, sent.title, sent.body,
        sent.more);
    const Header backfill{.name = "tocsin_backfill", .value = "true"};
    Record record{.kafka_topic = "news.ceasefire",
                  .partition = 2,
                  .offset = offset_++,
                  .value = value,
                  .timestamp_ms = sent.timestamp_ms};
    if (sent.is_backfill) record.headers = Headers({&backfill, 1});
    const absl::Status status = handler_->Handle(record, Remedy::kNone, "");
    ASSERT_TRUE(status.ok()) << status;
  }

  void Commit() {
    sink_.End(true);
    handler_->Committed();
  }

  void Take(const Sent& sent) {
    Handle(sent);
    Commit();
  }

  std::vector<std::string> Types() const {
    std::vector<std::string> types;
    types.reserve(sink_.committed.size());
    for (const OutputRecord& record : sink_.committed) {
      types.push_back(record.kafka_topic == "dead" ? *record.key + " " + *record.value
                                                   : HeaderOf(record, "ce_type"));
    }
    return types;
  }

  uint64_t Count(std::string_view outcome) {
    return counters_.alerts.At({"ceasefire", outcome}).value();
  }

  int64_t now_ms_ = kNow;
  int64_t offset_ = 0;
  AlertOptions options_;
  TransactionSink sink_;
  Counters counters_;
  std::optional<AlertState> state_;
  std::optional<AlertHandler> handler_;
};

inline const std::string kFirst = "tocsin.mention.first";
inline const std::string kRetracted = "tocsin.mention.retracted";
using List = std::vector<std::string>;

}  // namespace tocsin

#endif  // TOCSIN_TESTS_PIPELINE_ALERT_PROCESS_ALERT_HANDLER_FIXTURE_H_
