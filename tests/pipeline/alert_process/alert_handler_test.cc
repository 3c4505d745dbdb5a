#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/pipeline/alert_process/alert_handler_fixture.h"

namespace tocsin {
namespace {

TEST_F(AlertHandlerTest, AnAlertSaysAllThatADeskAsksFor) {
  Take({.more = R"(,"url":"https://news.example/1","source":"Meridian Wire","language":"en",)"
                R"("published_at":"2026-09-21T13:00:00Z")"});
  ASSERT_EQ(Types(), List{kFirst});
  const OutputRecord& alert = sink_.committed[0];
  EXPECT_EQ(alert.kafka_topic, "news.alerts");
  EXPECT_EQ(*alert.value,
            fmt::format(
                R"({{"schema_version":1,"story":"{}","topic":"ceasefire",)"
                R"("rules":["ceasefire.mention"],"headline":"Truce in Karvela",)"
                R"("sentence":"The government and the Karvela Front announced a ceasefire late on )"
                R"(Monday.","url":"https://news.example/1","source":"Meridian Wire",)"
                R"("language":"en","article":"a1","published":"2026-09-21T13:00:00Z",)"
                R"("seen":"2026-09-21T14:13:19.000Z","alerted":"2026-09-21T14:13:20.000Z"}})",
                *alert.key));
  EXPECT_EQ(HeaderOf(alert, "ce_specversion"), "1.0");
  EXPECT_EQ(HeaderOf(alert, "ce_source"), "/tocsin/kafka/news.ceasefire");
  EXPECT_EQ(HeaderOf(alert, "ce_time"), "2026-09-21T14:13:20.000Z");
  EXPECT_EQ(HeaderOf(alert, "content-type"), "application/json");
  EXPECT_EQ(HeaderOf(alert, "ce_id").size(), 32U);
}

TEST_F(AlertHandlerTest, OneAlertForAStoryAndItsCopies) {
  Take({.id = "a1"});
  Take({.id = "a2", .title = "KARVELA: truce"});
  Take({.id = "a1", .title = "Truce in Karvela (update)"});
  Take({.id = "b1",
        .title = "Volcano wakes",
        .body = "Ash fell on three villages near the lake on Tuesday, a ceasefire observer said."});
  EXPECT_EQ(Types(), (List{kFirst, kFirst}));
  EXPECT_EQ(Count("joined"), 2U);
  EXPECT_EQ(counters_.mentions.At({"ceasefire", "new"}).value(), 2U);
  EXPECT_EQ(counters_.mentions.At({"ceasefire", "update"}).value(), 1U);
}

TEST_F(AlertHandlerTest, WhoeverTakesOverKnowsWhatWasTold) {
  Take({.id = "a1"});
  Restart();
  Take({.id = "a2"});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, AnAbortedTransactionIsDoneAgainAndCountedOnce) {
  Handle({.id = "a1"});
  sink_.End(false);
  handler_->Forgotten();
  Take({.id = "a1"});
  Take({.id = "a2"});
  EXPECT_EQ(Types(), List{kFirst});
  EXPECT_EQ(Count("alerted"), 1U);
}

TEST_F(AlertHandlerTest, TheSameArticleIsNewsToEachTopic) {
  Take({.topic = "ceasefire"});
  Take({.topic = "sanctions"});
  Take({.topic = "sanctions"});
  EXPECT_EQ(Types(), (List{kFirst, kFirst}));
}

TEST_F(AlertHandlerTest, AKillWithoutTextTakesTheAlertBackAndItsStoryIsNotToldAgain) {
  Take({.id = "a1"});
  Take({.id = "a1",
        .title = "",
        .body = "",
        .more = R"(,"status":"canceled")",
        .is_matched = false});
  Restart();
  Take({.id = "a2"});
  EXPECT_EQ(Types(), (List{kFirst, kRetracted}));
}

TEST_F(AlertHandlerTest, AKillOfWhatWasNeverSeenLeavesNothingBehind) {
  Take({.id = "a1",
        .title = "",
        .body = "",
        .more = R"(,"status":"canceled")",
        .is_matched = false});
  EXPECT_TRUE(sink_.state.empty());
  Take({.id = "a2"});
  EXPECT_EQ(Types(), (List{kFirst}));
}

TEST_F(AlertHandlerTest, AKillTakesTheAlertBackOnce) {
  Take({.id = "a1"});
  Restart();
  Take({.id = "a1", .more = R"(,"status":"canceled")"});
  Restart();
  Take({.id = "a1", .more = R"(,"status":"canceled")"});
  Take({.id = "a1"});
  EXPECT_EQ(Types(), (List{kFirst, kRetracted}));
  EXPECT_NE(sink_.committed[1].value->find(R"("reason":"canceled"})"), std::string::npos);
  EXPECT_EQ(sink_.committed[0].key, sink_.committed[1].key);
  EXPECT_NE(HeaderOf(sink_.committed[0], "ce_id"), HeaderOf(sink_.committed[1], "ce_id"));
}

TEST_F(AlertHandlerTest, AKilledCopyTakesNothingBack) {
  Take({.id = "a1"});
  Take({.id = "a2"});
  Take({.id = "a2", .tags = R"(,"status":"withheld")"});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, AWithdrawnArticleIsNoAlertButItsCopyIs) {
  Take({.id = "a1", .tags = R"(,"status":"withheld")"});
  EXPECT_EQ(Count("withdrawn"), 1U);
  Take({.id = "a2"});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, WhatCannotBeReadIsADeadLetter) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{", "not_published whole"},
      {R"({"id":"a1","title":"A truce"})", "not_published whole"},
      {R"({"tocsin":{"topic":"c","rules":[],"truncated":true}})", "truncated whole"},
      {R"({"tocsin":{"topic":"c","rules":[],"mapping":"x"},"article":{"title":"t"}})",
       "unknown_mapping whole"},
      {R"({"tocsin":{"topic":"c","rules":[]},"article":{"title":7}})", "wrong_type whole"},
  };
  List want;
  for (const auto& [value, letter] : cases) {
    const Record record{.kafka_topic = "news.ceasefire", .value = value, .timestamp_ms = kNow};
    ASSERT_TRUE(handler_->Handle(record, Remedy::kNone, "").ok());
    want.push_back(letter);
  }
  Commit();
  EXPECT_EQ(Types(), want);
}

TEST_F(AlertHandlerTest, AnAlertThatIsTooLargeIsADeadLetterAndSettlesNothing) {
  sink_.value_bytes_max = 400;
  Take({.id = "a1", .title = std::string(400, 'x')});
  EXPECT_EQ(Types(), List{"refused pointer"});
  sink_.value_bytes_max = SIZE_MAX;
  Take({.id = "a2"});
  EXPECT_EQ(Types(), (List{"refused pointer", kFirst}));
}

TEST_F(AlertHandlerTest, WhatBrokersRefusedIsAPointer) {
  const Record record{.kafka_topic = "news.ceasefire", .value = "{}", .timestamp_ms = kNow};
  ASSERT_TRUE(handler_->Handle(record, Remedy::kTruncate, "too large").ok());
  Commit();
  EXPECT_EQ(Types(), List{"refused pointer"});
}

// A naive list of what was told, through commits, aborts and others who take over, at random.
TEST_F(AlertHandlerTest, HoweverTransactionsEndEachStoryIsToldOnce) {
  constexpr int kRecords = 2000;
  constexpr int kStories = 200;
  std::mt19937 random(7);
  std::vector<Sent> log;
  for (int i = 0; i < kRecords; ++i) {
    const int story = std::uniform_int_distribution(0, kStories - 1)(random);
    std::mt19937 words(story);
    std::string body = "Mediators spoke of a ceasefire:";
    for (int word = 0; word < 40; ++word) body += fmt::format(" w{}", words() % 100'000);
    log.push_back({.id = fmt::format("{}", i), .body = body, .topic = "ceasefire"});
  }
  std::set<std::string> stories;
  size_t committed = 0;
  while (committed < log.size()) {
    const size_t count = std::min<size_t>(1 + random() % 30, log.size() - committed);
    for (size_t i = 0; i < count; ++i) Handle(log[committed + i]);
    switch (random() % 4) {
      case 0:
        sink_.End(false);
        handler_->Forgotten();
        break;
      case 1:
        sink_.End(false);
        Restart();
        break;
      default:
        Commit();
        for (size_t i = 0; i < count; ++i) stories.insert(log[committed + i].body);
        committed += count;
        ASSERT_EQ(sink_.committed.size(), stories.size());
    }
  }
  EXPECT_EQ(Count("alerted"), stories.size());
}

}  // namespace
}  // namespace tocsin
