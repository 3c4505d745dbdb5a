#include "pipeline/consume/record_batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

// Bytes that count their releases.
RecordBatch::Bytes CountedBytes(int* released) {
  return RecordBatch::Bytes(released, [](void* count) { ++*static_cast<int*>(count); });
}

void Fill(RecordBatch* batch, int count, int* released) {
  for (int i = 0; i < count; ++i) {
    const std::vector<Header> headers(i, Header{.name = "n", .value = std::nullopt});
    batch->Append({.kafka_topic = "raw", .partition = i % 2, .offset = i, .value = "12345"},
                  headers, CountedBytes(released));
  }
}

TEST(RecordBatchTest, HeadersStayWithTheirRecordsWhileItGrows) {
  int released = 0;
  RecordBatch batch;
  Fill(&batch, 50, &released);
  ASSERT_EQ(batch.records().size(), 50U);
  for (const Record& record : batch.records()) {
    ASSERT_EQ(record.headers.size(), static_cast<size_t>(record.offset));
    for (const Header& header : record.headers) EXPECT_EQ(header.name, "n");
  }
  EXPECT_EQ(batch.value_bytes(), 250U);
}

TEST(RecordBatchTest, EraseReleasesTheErasedAndKeepsOrder) {
  int released = 0;
  RecordBatch batch;
  Fill(&batch, 10, &released);
  batch.AppendEnd("raw", 0, 5);
  batch.AppendEnd("raw", 1, 5);
  batch.Erase([](std::string_view, int32_t partition) { return partition == 0; });
  ASSERT_EQ(batch.ends().size(), 1U);
  EXPECT_EQ(batch.ends()[0].partition, 1);
  EXPECT_EQ(released, 5);
  ASSERT_EQ(batch.records().size(), 5U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(batch.records()[i].offset, 2 * i + 1);
    EXPECT_EQ(batch.records()[i].headers.size(), static_cast<size_t>(2 * i + 1));
  }
  batch.Clear();
  EXPECT_EQ(released, 10);
  EXPECT_TRUE(batch.empty() && batch.ends().empty());
}

TEST(RecordBatchTest, AnErasedBatchCanBeFilledOn) {
  int released = 0;
  RecordBatch batch;
  Fill(&batch, 4, &released);
  batch.Erase([](std::string_view, int32_t) { return true; });
  Fill(&batch, 3, &released);
  EXPECT_EQ(batch.records().size(), 3U);
  batch.Clear();
  EXPECT_EQ(released, 7);
}

}  // namespace
}  // namespace tocsin
