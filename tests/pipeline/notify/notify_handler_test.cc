#include "pipeline/notify/notify_handler.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <string>
#include <utility>
#include <vector>

namespace tocsin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Time passes when somebody waits for it.
struct FakeTime {
  NotifyOptions::Clock::time_point now{};
  std::vector<milliseconds> waits;
  size_t waits_max = SIZE_MAX;  // then a stop is requested

  bool Wait(milliseconds time) {
    if (waits.size() == waits_max) return false;
    waits.push_back(time);
    now += time;
    return true;
  }
};

// Answers what it is told to, the last again and again.
class FakePoster final : public Poster {
 public:
  explicit FakePoster(std::vector<int> statuses) : statuses_(std::move(statuses)) {}

  PostAnswer Post(const CloudEvent& event) override {
    ids.push_back(event.id);
    const size_t at = std::min(ids.size(), statuses_.size()) - 1;
    return {.status = statuses_[at], .error = statuses_[at] == 0 ? "no route" : ""};
  }

  std::vector<std::string> ids;

 private:
  const std::vector<int> statuses_;
};

class LetterSink final : public Sink {
 public:
  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& /*output*/) override { return absl::OkStatus(); }
  absl::Status PublishDeadLetter(const Record& /*origin*/, const DeadLetter& why) override {
    if (too_large && !why.is_pointer) return absl::OutOfRangeError("too large");
    letters.push_back(why);
    return absl::OkStatus();
  }
  absl::Status Commit(Source& /*source*/, const Offsets& /*next*/) override {
    return absl::OkStatus();
  }
  absl::Status Abort() override { return absl::OkStatus(); }

  bool too_large = false;
  std::vector<DeadLetter> letters;
};

class NotifyHandlerTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }

  absl::Status Handle(FakePoster* poster, Remedy remedy = Remedy::kNone, std::string_view id = "7",
                      std::string_view value = "{}") {
    if (!handler_) {
      handler_ = std::make_unique<NotifyHandler>(
          NotifyOptions{.webhook = "desk",
                        .retry = {.deadline = seconds(100)},
                        .now = [this] { return time_.now; },
                        .wait = [this](milliseconds time) { return time_.Wait(time); }},
          poster, &sink_, &counters_);
    }
    const std::vector<Header> headers = {
        {"ce_specversion", "1.0"}, {"ce_id", id}, {"ce_source", "s"}, {"ce_type", "t"}};
    Record record{.kafka_topic = "news.alerts", .offset = 4};
    record.headers = Headers(headers);
    record.value = value;
    return handler_->Handle(record, remedy, "refused by a broker");
  }

  std::string Reason() const {
    return sink_.letters.size() == 1 ? sink_.letters[0].reason
                                     : std::to_string(sink_.letters.size());
  }
  uint64_t Alerts(const char* result) {
    return counters_.webhook_alerts.At({"desk", result}).value();
  }

  FakeTime time_;
  LetterSink sink_;
  Counters counters_;
  std::unique_ptr<NotifyHandler> handler_;
};

TEST_F(NotifyHandlerTest, DeliversAfterFailuresUnderTheSameId) {
  FakePoster poster({500, 0, 429, 204});
  ASSERT_TRUE(Handle(&poster).ok());
  EXPECT_EQ(poster.ids, std::vector<std::string>(4, "7"));
  EXPECT_EQ(Alerts("delivered"), 1U);
  EXPECT_TRUE(sink_.letters.empty());
  EXPECT_EQ(counters_.webhook_posts.At({"desk", "none"}).value(), 1U);
  EXPECT_EQ(counters_.webhook_retrying_since_ms.At({"desk"}).value(), 0);
}

TEST_F(NotifyHandlerTest, WhatIsRefusedIsADeadLetterAtOnce) {
  FakePoster poster({410});
  ASSERT_TRUE(Handle(&poster).ok());
  EXPECT_EQ(poster.ids.size(), 1U);
  EXPECT_EQ(Reason(), kWebhookRefused);
  EXPECT_NE(sink_.letters[0].message.find("webhook desk"), std::string::npos);
  EXPECT_NE(sink_.letters[0].message.find("HTTP 410"), std::string::npos);
  EXPECT_EQ(counters_.dead_lettered.At({"news.alerts", kWebhookRefused}).value(), 1U);
}

TEST_F(NotifyHandlerTest, TheLastPostIsAtTheDeadline) {
  FakePoster poster({503});
  ASSERT_TRUE(Handle(&poster).ok());
  EXPECT_EQ(Reason(), kWebhookExpired);
  EXPECT_EQ(time_.now.time_since_epoch(), seconds(100));
  EXPECT_EQ(Alerts("dead_letter"), 1U);
  for (const milliseconds wait : time_.waits) EXPECT_LE(wait, seconds(1)) << "no sign of life";
  EXPECT_GE(counters_.turns.value(), time_.waits.size());
}

TEST_F(NotifyHandlerTest, StoppedInAPauseItLeavesTheAlertToAnother) {
  FakePoster poster({500});
  time_.waits_max = 0;
  EXPECT_EQ(Handle(&poster).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(poster.ids.size(), 1U);
  EXPECT_TRUE(sink_.letters.empty());
}

TEST_F(NotifyHandlerTest, WhatWasDeliveredBeforeACommitFailedIsNotPostedAgain) {
  FakePoster poster({200});
  ASSERT_TRUE(Handle(&poster).ok());
  handler_->Forgotten();
  ASSERT_TRUE(Handle(&poster).ok());
  EXPECT_EQ(poster.ids.size(), 1U);
  ASSERT_TRUE(Handle(&poster, Remedy::kNone, "8").ok());
  EXPECT_EQ(poster.ids.size(), 2U);
}

TEST_F(NotifyHandlerTest, WhatWasGivenUpBeforeACommitFailedIsADeadLetterAgain) {
  FakePoster poster({404, 200});
  ASSERT_TRUE(Handle(&poster).ok());
  handler_->Forgotten();
  ASSERT_TRUE(Handle(&poster).ok());
  EXPECT_EQ(poster.ids.size(), 1U);
  EXPECT_EQ(sink_.letters.size(), 2U) << "the first one may not have been acknowledged";
}

TEST_F(NotifyHandlerTest, WhatComesAgainAfterACommitIsPostedAgain) {
  FakePoster poster({404, 200});
  ASSERT_TRUE(Handle(&poster).ok());
  handler_->Committed();
  ASSERT_TRUE(Handle(&poster).ok()) << "replayed, once the receiver is mended";
  EXPECT_EQ(poster.ids.size(), 2U);
  EXPECT_EQ(sink_.letters.size(), 1U);
  EXPECT_EQ(Alerts("delivered"), 1U);
}

TEST_F(NotifyHandlerTest, WhatIsNoCloudEventIsADeadLetterAndNotPosted) {
  FakePoster poster({200});
  ASSERT_TRUE(Handle(&poster, Remedy::kNone, "7", "{").ok());
  EXPECT_TRUE(poster.ids.empty());
  EXPECT_EQ(Reason(), kNoCloudEvent);
}

TEST_F(NotifyHandlerTest, ADeadLetterThatNoBrokerTakesBecomesAPointer) {
  FakePoster poster({404});
  ASSERT_TRUE(Handle(&poster, Remedy::kPointer).ok());
  EXPECT_TRUE(poster.ids.empty());
  sink_.too_large = true;
  ASSERT_TRUE(Handle(&poster).ok());
  ASSERT_EQ(sink_.letters.size(), 2U);
  EXPECT_TRUE(sink_.letters[0].is_pointer && sink_.letters[1].is_pointer);
}

}  // namespace
}  // namespace tocsin
