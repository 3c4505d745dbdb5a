#include "pipeline/refusals.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

Refusals::Case Of(size_t records, int64_t last, Refusal refusal) {
  return {.records = records, .last = {"news.raw", 0, last}, .refusal = refusal, .why = "no"};
}

Offsets Next(int64_t offset) {
  Offsets next;
  next.Set("news.raw", 0, offset);
  return next;
}

Record At(int64_t offset) { return {.kafka_topic = "news.raw", .partition = 0, .offset = offset}; }

struct SearchCase {
  std::string name;
  size_t records;
  int64_t culprit;
};

class SearchTest : public testing::TestWithParam<SearchCase> {};

// Transactions of at most records_max() records, as a worker makes them after each rewind.
TEST_P(SearchTest, FindsTheCulpritAmongAllInLogarithmicallyManyTransactions) {
  const auto& [name, records, culprit] = GetParam();
  Refusals refusals(1 << 20);
  int transactions = 0;
  size_t begin = 0;
  while (begin < records) {
    ASSERT_LT(++transactions, 100);
    const size_t end = std::min(records, begin + refusals.records_max());
    const bool holds = static_cast<size_t>(culprit) >= begin && static_cast<size_t>(culprit) < end;
    if (holds && refusals.RemedyFor(At(culprit)) == Remedy::kNone) {
      ASSERT_TRUE(
          refusals.Refused(Of(end - begin, static_cast<int64_t>(end) - 1, Refusal::kTooLarge))
              .ok());
    } else {
      refusals.Committed(Next(static_cast<int64_t>(end)));
      begin = end;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Culprits, SearchTest,
                         testing::ValuesIn<SearchCase>({
                             {"Alone", 1, 0},
                             {"TheFirst", 100'000, 0},
                             {"TheLast", 100'000, 99'999},
                             {"InTheMiddle", 100'000, 54'321},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(RefusalsTest, AnArticleTooLargeIsTruncatedThenPointedTo) {
  Refusals refusals(10);
  ASSERT_TRUE(refusals.Refused(Of(1, 7, Refusal::kTooLarge)).ok());
  EXPECT_EQ(refusals.RemedyFor(At(7)), Remedy::kTruncate);
  EXPECT_EQ(refusals.RemedyFor(At(8)), Remedy::kNone);
  ASSERT_TRUE(refusals.Refused(Of(1, 7, Refusal::kTooLarge)).ok());
  EXPECT_EQ(refusals.RemedyFor(At(7)), Remedy::kPointer);
  EXPECT_FALSE(refusals.Refused(Of(1, 7, Refusal::kTooLarge)).ok()) << "nothing smaller is left";
}

TEST(RefusalsTest, AnInvalidRecordIsPointedToAtOnce) {
  Refusals refusals(10);
  ASSERT_TRUE(refusals.Refused(Of(1, 7, Refusal::kInvalid)).ok());
  EXPECT_EQ(refusals.RemedyFor(At(7)), Remedy::kPointer);
  EXPECT_EQ(refusals.WhyRefused(At(7)), "no");
}

TEST(RefusalsTest, ACommitForgetsTheCulpritAndDoublesTheNext) {
  Refusals refusals(100);
  ASSERT_TRUE(refusals.Refused(Of(100, 99, Refusal::kInvalid)).ok());
  ASSERT_TRUE(refusals.Refused(Of(50, 49, Refusal::kInvalid)).ok());
  EXPECT_EQ(refusals.records_max(), 25U);
  ASSERT_TRUE(refusals.Refused(Of(1, 0, Refusal::kInvalid)).ok());
  refusals.Committed(Next(1));
  EXPECT_EQ(refusals.RemedyFor(At(0)), Remedy::kNone);
  EXPECT_EQ(refusals.records_max(), 50U);
  refusals.Committed(Next(51));
  refusals.Committed(Next(151));
  EXPECT_EQ(refusals.records_max(), 100U);
}

// After a rewind another partition may come first; if its culprit took the place of the one before,
// the two would take turns for ever.
TEST(RefusalsTest, CulpritsOfSeveralPartitionsAreKeptUntilEachIsCommitted) {
  Refusals refusals(100);
  Refusals::Case other = Of(1, 3, Refusal::kInvalid);
  other.last.partition = 1;
  ASSERT_TRUE(refusals.Refused(Of(1, 7, Refusal::kInvalid)).ok());
  ASSERT_TRUE(refusals.Refused(other).ok());
  const Record at_other{.kafka_topic = "news.raw", .partition = 1, .offset = 3};
  EXPECT_EQ(refusals.RemedyFor(At(7)), Remedy::kPointer);
  EXPECT_EQ(refusals.RemedyFor(at_other), Remedy::kPointer);
  refusals.Committed(Next(8));
  EXPECT_EQ(refusals.RemedyFor(At(7)), Remedy::kNone);
  EXPECT_EQ(refusals.RemedyFor(at_other), Remedy::kPointer);
}

}  // namespace
}  // namespace tocsin
