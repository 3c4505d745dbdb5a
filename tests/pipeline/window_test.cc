#include "pipeline/consume/window.h"

#include <gtest/gtest.h>

#include "pipeline/consume/rate_limit.h"

namespace tocsin {
namespace {

const std::vector<Extent> kExtents = {
    {.kafka_topic = "raw", .partition = 0, .begin = 5, .end = 10},
    {.kafka_topic = "raw", .partition = 1, .begin = 0, .end = 0},
};

TEST(WindowTest, TakesWhatIsStampedWithinAndBeforeTheEnd) {
  Window window(kExtents, 100, 200);
  EXPECT_FALSE(window.Takes("raw", 0, 5, 99));
  EXPECT_TRUE(window.Takes("raw", 0, 6, 100));
  EXPECT_FALSE(window.Takes("raw", 0, 7, 200));
  EXPECT_TRUE(window.Takes("raw", 0, 8, 199)) << "timestamps need not ascend";
  EXPECT_FALSE(window.Takes("raw", 0, 9, -1));
  EXPECT_FALSE(window.Takes("raw", 0, 10, 150));
}

TEST(WindowTest, IsDoneOnceTheEndIsReachedBeHoweverFarBeyond) {
  Window window(kExtents);
  EXPECT_FALSE(window.Reach("raw", 0, 9)) << "an earlier end is one that more was written behind";
  EXPECT_FALSE(window.IsDone("raw", 0));
  EXPECT_TRUE(window.Reach("raw", 0, 12));
  EXPECT_TRUE(window.IsDone("raw", 0));
  EXPECT_FALSE(window.Reach("raw", 0, 13)) << "it is done already";
  EXPECT_TRUE(window.Reach("raw", 1, 0)) << "an empty one";
}

TEST(WindowTest, IsBeforeTheEndAgainOnceSetBack) {
  Window window(kExtents);
  EXPECT_TRUE(window.Reach("raw", 0, 10));
  window.Restart("raw", 0);
  EXPECT_FALSE(window.IsDone("raw", 0));
  EXPECT_TRUE(window.Reach("raw", 0, 10));
}

TEST(WindowTest, WantsNothingOfAPartitionThatCameLater) {
  Window window(kExtents);
  EXPECT_FALSE(window.Takes("raw", 2, 0, 0));
  EXPECT_TRUE(window.IsDone("raw", 2));
  EXPECT_FALSE(window.Reach("raw", 2, 0)) << "there is no end to commit";
  EXPECT_FALSE(window.Takes("other", 0, 5, 0));
}

class RateLimitTest : public testing::Test {
 protected:
  RateLimit::Clock::time_point After(int milliseconds) const {
    return start_ + std::chrono::milliseconds(milliseconds);
  }

  RateLimit::Clock::time_point start_ = RateLimit::Clock::now();
};

TEST_F(RateLimitTest, AllowsTheRateOverTime) {
  RateLimit limit(1000);
  size_t taken = 0;
  for (int ms = 0; ms <= 1000; ms += 10) {
    const size_t allowed = limit.Allowance(After(ms));
    limit.Spend(allowed);
    taken += allowed;
  }
  EXPECT_NEAR(static_cast<double>(taken), 1000, 2);
}

TEST_F(RateLimitTest, ForgoesWhatIsNotSpent) {
  RateLimit limit(1000);
  limit.Allowance(After(0));
  EXPECT_EQ(limit.Allowance(After(10'000)), 100U);
}

TEST_F(RateLimitTest, AllowsLessThanOneASecondNowAndThen) {
  RateLimit limit(0.5);
  EXPECT_EQ(limit.Allowance(After(0)), 0U);
  EXPECT_EQ(limit.Allowance(After(1000)), 0U);
  EXPECT_EQ(limit.Allowance(After(2000)), 1U);
}

TEST_F(RateLimitTest, IsPaidBackWhenOverdrawn) {
  RateLimit limit(1000);
  limit.Allowance(After(0));
  limit.Spend(50);
  EXPECT_EQ(limit.Allowance(After(40)), 0U);
  EXPECT_EQ(limit.Allowance(After(60)), 10U);
}

}  // namespace
}  // namespace tocsin
