#include "pipeline/meter.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "pipeline/consume/lags.h"
#include "pipeline/histogram.h"
#include "pipeline/stage_clock.h"

namespace tocsin {
namespace {

TEST(Histogram, CountsWhatIsNotGreaterThanItsBound) {
  constexpr double kBounds[] = {1, 2};
  Histogram histogram(kBounds);
  for (const double seconds : {0.5, 1.0, 1.5, 2.0, 3.0}) histogram.Observe(seconds);
  histogram.Observe(10, 2);
  EXPECT_EQ(histogram.Snapshot().counts, (std::vector<uint64_t>{2, 2, 3}));
  EXPECT_DOUBLE_EQ(histogram.Snapshot().sum, 28);
}

TEST(Family, CountsEachCombinationOfLabels) {
  Family<Counter, 2> family;
  family.Add({"a", "b"}, 1);
  family.Add({"a", "c"}, 2);
  Counter& kept = family.At({"a", "b"});
  family.Add({"", "z"}, 4);
  kept.Add(8);
  using Snapshot = std::map<std::array<std::string, 2>, uint64_t>;
  EXPECT_EQ(family.Snapshot(), (Snapshot{{{"", "z"}, 4}, {{"a", "b"}, 9}, {{"a", "c"}, 2}}));
  EXPECT_EQ(family.Total(), 15U);
}

TEST(StageClock, ChargesTheStageThatIsLeft) {
  StageClock clock;
  EXPECT_EQ(clock.SinceEntered().count(), 0);
  clock.Enter(Stage::kDecode);
  while (clock.SinceEntered().count() == 0) {
  }
  clock.Enter(Stage::kMatch);
  EXPECT_GT(clock.seconds(Stage::kDecode), 0);
  EXPECT_EQ(clock.seconds(Stage::kMatch), 0) << "before it is left";
  EXPECT_EQ(clock.stage(), Stage::kMatch);
}

class LagsTest : public testing::Test {
 protected:
  LagsTest() {
    lags_.Add("news.raw", 0);
    lags_.NoteHigh("news.raw", 0, 10);
  }

  void Commit(int64_t offset) {
    Offsets next;
    next.Set("news.raw", 0, offset);
    lags_.NoteCommitted(next);
  }

  int64_t Records() const {
    const std::vector<Lag> all = lags_.Snapshot();
    return all.empty() ? -1 : all.front().records;
  }

  Lags lags_;
};

TEST_F(LagsTest, IsNotThereUntilBothEndsAreKnown) {
  EXPECT_EQ(Records(), -1);
  Commit(4);
  EXPECT_EQ(Records(), 6);
}

TEST_F(LagsTest, IsTheCommittedOffsetsNotThePolled) {
  Commit(4);
  lags_.NoteEnd("news.raw", 0, 9, 10);  // records up to 8 were taken, and a marker follows
  EXPECT_EQ(Records(), 6);
  Commit(9);
  EXPECT_EQ(Records(), 0) << "behind the last record only a marker is left";
  lags_.NoteHigh("news.raw", 0, 12);
  EXPECT_EQ(Records(), 2);
}

TEST_F(LagsTest, OfAPartitionReadAtItsEndFromTheBeginningIsNone) {
  lags_.NoteEnd("news.raw", 0, 0, 10);
  EXPECT_EQ(Records(), 0);
}

TEST_F(LagsTest, GoesWithThePartitionAndComesBackUnknown) {
  Commit(4);
  lags_.Remove("news.raw", 0);
  EXPECT_EQ(Records(), -1);
  lags_.NoteHigh("news.raw", 0, 20);  // late
  Commit(5);
  EXPECT_EQ(Records(), -1) << "not ours";
  lags_.Add("news.raw", 0);
  EXPECT_EQ(Records(), -1) << "what another has committed is not known yet";
}

class MeterTest : public testing::Test {
 protected:
  void Handle(const Record& record) {
    meter_.Taken(record);
    meter_.Done(record);
  }

  Counters counters_;
  Meter meter_{&counters_};
  RecordBatch batch_;
};

TEST_F(MeterTest, CountsByKafkaTopic) {
  const Record record{.kafka_topic = "a", .value = "12345"};
  const Record other{.kafka_topic = "b", .value = std::nullopt};
  batch_.Append(record, RecordBatch::Bytes(nullptr, [](void*) {}));
  meter_.Polled(batch_);
  for (const Record* each : {&record, &record, &other, &record}) Handle(*each);
  using Snapshot = std::map<std::array<std::string, 1>, uint64_t>;
  EXPECT_EQ(counters_.consumed.Snapshot(), (Snapshot{{{"a"}, 3}, {{"b"}, 1}}));
  EXPECT_EQ(counters_.consumed_bytes.Snapshot(), (Snapshot{{{"a"}, 15}, {{"b"}, 0}}));
  EXPECT_GT(counters_.last_record_ms.At({"b"}).value(), 1'700'000'000'000);
}

TEST_F(MeterTest, TakesLatenciesOfWhatIsCommittedOnly) {
  const Record old{.kafka_topic = "a", .timestamp_ms = 0};
  const Record future{.kafka_topic = "a", .timestamp_ms = 4'000'000'000'000};
  const Record timeless{.kafka_topic = "a", .timestamp_ms = -1};
  Handle(old);
  meter_.Forgotten();
  for (const Record* each : {&old, &future, &timeless}) Handle(*each);
  EXPECT_EQ(counters_.end_to_end.Snapshot().sum, 0);
  meter_.Committed(Offsets(), 3);
  const auto counts = counters_.end_to_end.Snapshot().counts;
  EXPECT_EQ(counts.front(), 1U) << "of the future: at once";
  EXPECT_EQ(counts.back(), 1U) << "older than any bound";
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), uint64_t{0}), 2U);
  const auto processing = counters_.processing.Snapshot().counts;
  EXPECT_EQ(std::accumulate(processing.begin(), processing.end(), uint64_t{0}), 3U);
  EXPECT_EQ(counters_.committed_records.value(), 3U);
}

TEST_F(MeterTest, RemembersTheFirstFailureUntilACommit) {
  meter_.Failed();
  const int64_t first = counters_.failing_since_ms.value();
  EXPECT_NE(first, 0);
  meter_.Failed();
  EXPECT_EQ(counters_.failing_since_ms.value(), first);
  EXPECT_EQ(counters_.rewinds.value(), 2U);
  meter_.Committed(Offsets(), 0);
  EXPECT_EQ(counters_.failing_since_ms.value(), 0);
}

}  // namespace
}  // namespace tocsin
