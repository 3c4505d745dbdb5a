// When an article may be told: clocks, ages, embargoes, mutes.
#include <string>

#include "tests/pipeline/alert_process/alert_handler_fixture.h"

namespace tocsin {
namespace {

TEST_F(AlertHandlerTest, AnEmbargoedStoryIsToldByItsFirstCopyAfterwards) {
  const std::string until = R"(,"embargoed":"2026-09-21T15:00:00Z")";
  Take({.id = "a1", .tags = until});
  Take({.id = "a1", .more = until});
  EXPECT_TRUE(Types().empty());
  EXPECT_EQ(Count("embargoed"), 2U);
  now_ms_ += 2 * kHour;
  Take({.id = "a1", .tags = until});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, AnEmbargoThatCannotBeReadIsKept) {
  Take({.tags = R"(,"embargoed":"until Monday")"});
  EXPECT_TRUE(Types().empty());
}

TEST_F(AlertHandlerTest, BackfilledIsNeverAnAlertAndHidesNoLiveOne) {
  Take({.id = "a1", .is_backfill = true});
  EXPECT_TRUE(Types().empty());
  EXPECT_EQ(Count("backfilled"), 1U);
  Take({.id = "a2"});
  Take({.id = "a3", .is_backfill = true});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, AStaleRecordIsNoAlertAndALateOneIs) {
  Take({.id = "a1", .timestamp_ms = kNow - 49 * kHour});
  EXPECT_EQ(Count("stale"), 1U);
  Take({.id = "b1",
        .body = "Both armies along the Tamun river kept to a truce, an observer said today, and a "
                "ceasefire was near.",
        .timestamp_ms = kNow - 20 * kHour});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, WhatAnArticleSaysOfItsAgeCountsIfAskedFor) {
  const std::string old = R"(,"published_at":"2019-01-01T00:00:00Z")";
  Take({.id = "a1", .more = old});
  EXPECT_EQ(Types(), List{kFirst});
  options_.published_max_age_ms = 24 * kHour;
  sink_.state.clear();
  Restart();
  Take({.id = "a1", .more = old});
  EXPECT_EQ(Count("stale"), 1U);
  Take({.id = "a2", .more = R"(,"published_at":"2031-01-01T00:00:00Z")"});
  EXPECT_EQ(Types(), (List{kFirst, kFirst}));
}

TEST_F(AlertHandlerTest, ARecordFromTheFutureIsOfNow) {
  Take({.id = "a1", .timestamp_ms = kNow + 400 * kHour});
  now_ms_ += 47 * kHour;
  Take({.id = "a2", .timestamp_ms = now_ms_});
  EXPECT_EQ(Types(), List{kFirst});
  EXPECT_NE(sink_.committed[0].value->find(R"("seen":"2026-09-21T14:13:20.000Z")"),
            std::string::npos);
}

TEST_F(AlertHandlerTest, AnUndatedRecordIsOfNow) {
  Take({.timestamp_ms = -1});
  ASSERT_EQ(Types(), List{kFirst});
  EXPECT_NE(sink_.committed[0].value->find(R"("published":null)"), std::string::npos);
}

TEST_F(AlertHandlerTest, AStoryIsNewAgainAfterTheWindowAndItsRecordsAreDeleted) {
  Take({.id = "a1"});
  now_ms_ += 49 * kHour;
  Restart();
  Take({.id = "a2", .timestamp_ms = now_ms_});
  EXPECT_EQ(Types(), (List{kFirst, kFirst}));
  EXPECT_NE(sink_.committed[0].key, sink_.committed[1].key);
  EXPECT_EQ(sink_.state.size(), 1U);
}

TEST_F(AlertHandlerTest, AfterAnOutageCopiesAreComparedWithTheirOwnTime) {
  Take({.id = "a1", .timestamp_ms = kNow});
  now_ms_ = kNow + 60 * kHour;  // we were down; the copy was not
  Restart();
  Take({.id = "a2", .timestamp_ms = kNow + 30 * kHour});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, OnlyWhatIsSelectedAlertsAndALaterCopyMay) {
  options_.selection.when = {*ParseAlertCondition("languages=de")};
  Restart();
  Take({.id = "a1", .more = R"(,"language":"en")"});
  EXPECT_EQ(Count("not_selected"), 1U);
  Take({.id = "a2", .more = R"(,"language":"de-AT")"});
  EXPECT_EQ(Types(), List{kFirst});
}

TEST_F(AlertHandlerTest, AMutedStoryStaysQuiet) {
  options_.selection.mute = {*ParseMuteWindow("2026-09-21T14:00:00Z/2026-09-21T15:00:00Z")};
  Restart();
  Take({.id = "a1"});
  EXPECT_EQ(Count("muted"), 1U);
  now_ms_ += kHour;
  Restart();
  Take({.id = "a2", .timestamp_ms = now_ms_});
  EXPECT_TRUE(Types().empty());
  EXPECT_EQ(Count("joined"), 1U);
}

TEST(ProgressTest, ForgetsWhatCameLateAfterAMinuteOrTwo) {
  Progress progress;
  const Progress::Clock::time_point start{std::chrono::hours(1)};
  progress.Note(100, start);
  progress.Note(20, start + std::chrono::seconds(1));
  EXPECT_EQ(progress.oldest_ms(), 20);
  progress.Note(160, start + std::chrono::seconds(70));
  EXPECT_EQ(progress.oldest_ms(), 20);
  progress.Note(230, start + std::chrono::seconds(140));
  EXPECT_EQ(progress.oldest_ms(), 160);
}

}  // namespace
}  // namespace tocsin
