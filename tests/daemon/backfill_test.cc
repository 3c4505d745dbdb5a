#include "daemon/backfill.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(BackfillTest, TimesAreReadWithTheirZone) {
  for (const std::string text :
       {"2024-03-01T00:00:00Z", "2024-03-01T01:00:00+01:00", "2024-02-29T23:30:00.000-00:30"}) {
    const auto time_ms = ParseTime(text);
    ASSERT_TRUE(time_ms.ok()) << time_ms.status();
    EXPECT_EQ(*time_ms, 1'709'251'200'000) << text;
  }
}

TEST(BackfillTest, WhatIsNoTimeIsNamed) {
  for (const std::string text : {"", "yesterday", "2024-03-01", "2024-03-01 00:00", "infinite-past",
                                 "2024-02-30T00:00:00Z", "2024-03-01T00:00:00"}) {
    const auto time_ms = ParseTime(text);
    EXPECT_TRUE(absl::IsInvalidArgument(time_ms.status())) << text;
    EXPECT_EQ(std::string(time_ms.status().message()).find(text), 0U);
  }
}

TEST(BackfillTest, TheSameTimesHaveTheSameGroupAndOthersAnother) {
  const BackfillSpan span{.from_ms = 1'709'251'200'000, .to_ms = 1'709'251'200'001};
  EXPECT_EQ(BackfillGroup("g", span), "g.backfill.20240301T000000.000Z-20240301T000000.001Z");
  EXPECT_EQ(BackfillGroup("g", {.from_ms = span.from_ms, .to_ms = {}}),
            "g.backfill.20240301T000000.000Z-now");
}

}  // namespace
}  // namespace tocsin
