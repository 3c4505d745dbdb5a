#include "pipeline/alert/alert_state.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tocsin {
namespace {

using Novelty = StoryIndex::Placement::Novelty;

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kNow = 1'790'000'000'000;
constexpr int64_t kWindow = 48 * kHour;
constexpr int64_t kAll = 0;

StoryEntry Entry(uint64_t id, uint64_t story, int64_t seen_ms, bool alerted = false) {
  StoryEntry entry{.story = story, .seen_ms = seen_ms, .alerted = alerted};
  entry.fingerprint.id_hash = id;
  entry.fingerprint.url_hash = id + 1000;
  return entry;
}

// A compacted Kafka topic.
class Log {
 public:
  void Take(const OutputRecord& record) {
    if (record.value) {
      records_[*record.key] = *record.value;
    } else {
      records_.erase(*record.key);
    }
  }
  void RestoreInto(AlertState* state, int64_t oldest_ms = kAll) const {
    for (const auto& [key, value] : records_) {
      EXPECT_TRUE(state->Apply(key, value, oldest_ms).ok()) << key;
    }
  }
  size_t size() const { return records_.size(); }

 private:
  std::map<std::string, std::string> records_;
};

class AlertStateTest : public testing::Test {
 protected:
  AlertState::Standing Find(uint64_t id, const char* topic = "ceasefire") const {
    return state_.Find(topic, Entry(id, 0, 0).fingerprint, kNow);
  }
  void Remember(const StoryEntry& entry, bool is_settled, const char* topic = "ceasefire") {
    log_.Take(state_.Remember(topic, entry, is_settled));
  }

  AlertState state_{kWindow};
  Log log_;
};

TEST_F(AlertStateTest, WhatIsRememberedIsRestored) {
  Remember(Entry(1, 7, kNow, true), true);
  Remember(Entry(2, 8, kNow), false);
  state_.Committed();
  AlertState restored(kWindow);
  log_.RestoreInto(&restored);
  EXPECT_EQ(restored.size(), 2U);
  const auto told = restored.Find("ceasefire", Entry(1, 0, 0).fingerprint, kNow);
  EXPECT_EQ(told.placement.novelty, Novelty::kUpdate);
  EXPECT_EQ(told.placement.story, 7U);
  EXPECT_TRUE(told.is_settled);
  EXPECT_TRUE(told.was_alerted);
  const auto untold = restored.Find("ceasefire", Entry(2, 0, 0).fingerprint, kNow);
  EXPECT_EQ(untold.placement.story, 8U);
  EXPECT_FALSE(untold.is_settled);
  EXPECT_FALSE(untold.was_alerted);
}

TEST_F(AlertStateTest, ToApplyARecordAgainChangesNothing) {
  Remember(Entry(1, 7, kNow, true), true);
  state_.Committed();
  log_.RestoreInto(&state_);
  EXPECT_EQ(state_.size(), 1U);
  EXPECT_TRUE(Find(1).is_settled);
}

TEST_F(AlertStateTest, TopicsHaveStoriesOfTheirOwn) {
  Remember(Entry(1, 7, kNow, true), true);
  EXPECT_EQ(Find(1, "sanctions").placement.novelty, Novelty::kNew);
  Remember(Entry(1, 7, kNow), false, "sanctions");
  EXPECT_FALSE(Find(1, "sanctions").is_settled);
  EXPECT_TRUE(Find(1).is_settled);
  EXPECT_EQ(log_.size(), 2U);
}

TEST_F(AlertStateTest, ForgottenUndoesAllSinceTheLastCommit) {
  Remember(Entry(1, 7, kNow - kHour), false);
  state_.Committed();
  Remember(Entry(1, 7, kNow, true), true);
  Remember(Entry(2, 7, kNow), true);
  Remember(Entry(2, 7, kNow, true), true);
  state_.Forgotten();
  EXPECT_EQ(state_.size(), 1U);
  EXPECT_FALSE(Find(1).is_settled);
  EXPECT_FALSE(Find(1).was_alerted);
  EXPECT_EQ(Find(2).placement.novelty, Novelty::kNew);
}

TEST_F(AlertStateTest, AStoryStaysSettledWhileItHasCopies) {
  Remember(Entry(1, 7, kNow - kWindow, true), true);
  Remember(Entry(2, 7, kNow), true);
  state_.Committed();
  std::vector<OutputRecord> tombstones;
  state_.Expire(kNow - kWindow + 1, &tombstones);
  EXPECT_EQ(Find(1).placement.novelty, Novelty::kNew);
  EXPECT_TRUE(Find(2).is_settled);
  AlertState restored(kWindow);
  for (const OutputRecord& tombstone : tombstones) log_.Take(tombstone);
  log_.RestoreInto(&restored);
  EXPECT_TRUE(restored.Find("ceasefire", Entry(2, 0, 0).fingerprint, kNow).is_settled);
}

TEST_F(AlertStateTest, ExpiresSomeACallAndAllInTheEnd) {
  constexpr size_t kEntries = 100;
  for (uint64_t id = 1; id <= kEntries; ++id) Remember(Entry(id, id, kNow - kWindow), false);
  state_.Committed();
  size_t calls = 0;
  while (log_.size() > 0) {
    std::vector<OutputRecord> tombstones;
    state_.Expire(kNow - kHour, &tombstones);
    ASSERT_LE(tombstones.size(), AlertState::kTombstonesMax);
    for (const OutputRecord& tombstone : tombstones) log_.Take(tombstone);
    state_.Committed();
    ASSERT_LE(++calls, kEntries);
  }
  EXPECT_EQ(state_.size(), 0U);
}

TEST_F(AlertStateTest, TombstonesOfAnAbortedTransactionAreWrittenAgain) {
  Remember(Entry(1, 7, kNow - kWindow), false);
  state_.Committed();
  std::vector<OutputRecord> tombstones;
  state_.Expire(kNow - kHour, &tombstones);
  ASSERT_EQ(tombstones.size(), 1U);
  state_.Forgotten();
  std::vector<OutputRecord> again;
  state_.Expire(kNow - kHour, &again);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].key, tombstones[0].key);
}

TEST_F(AlertStateTest, OneThatCameBackIsNotDeleted) {
  Remember(Entry(1, 7, kNow - kWindow), false);
  state_.Committed();
  std::vector<OutputRecord> tombstones;
  state_.Expire(kNow - kHour, &tombstones);
  state_.Forgotten();
  Remember(Entry(1, 9, kNow), false);
  tombstones.clear();
  state_.Expire(kNow - kHour, &tombstones);
  EXPECT_TRUE(tombstones.empty());
  EXPECT_EQ(Find(1).placement.story, 9U);
}

TEST_F(AlertStateTest, OldRecordsAreDeletedInsteadOfRestored) {
  Remember(Entry(1, 7, kNow - kWindow), false);
  AlertState restored(kWindow);
  log_.RestoreInto(&restored, kNow - kHour);
  EXPECT_EQ(restored.size(), 0U);
  std::vector<OutputRecord> tombstones;
  restored.Expire(kNow - kHour, &tombstones);
  for (const OutputRecord& tombstone : tombstones) log_.Take(tombstone);
  EXPECT_EQ(log_.size(), 0U);
}

TEST_F(AlertStateTest, RefusesWhatIsNotItsOwn) {
  const OutputRecord good = state_.Remember("ceasefire", Entry(1, 7, kNow), false);
  const std::vector<std::pair<std::string, std::string>> strangers = {
      {"x", *good.value},
      {"", *good.value},
      {"ceasefire/000000000000000g", *good.value},
      {"ceasefire/0000000000000002", *good.value},
      {*good.key, ""},
      {*good.key, "\x02" + good.value->substr(1)},
      {*good.key, good.value->substr(0, 20)},
  };
  for (const auto& [key, value] : strangers) {
    EXPECT_FALSE(state_.Apply(key, value, kAll).ok()) << key;
  }
  EXPECT_TRUE(state_.Apply(*good.key, *good.value, kAll).ok());
}

}  // namespace
}  // namespace tocsin
