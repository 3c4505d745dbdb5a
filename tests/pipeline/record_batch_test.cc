#include "pipeline/consume/record_batch.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace tocsin {
namespace {

// Of one record: counts how often its headers are read and its bytes released.
struct Message {
  size_t headers = 0;
  int* read;
  int* released;
};

class RecordBatchTest : public testing::Test {
 protected:
  // The record at offset i has i headers.
  void Fill(int count) {
    for (int i = 0; i < count; ++i) {
      auto message = std::make_unique<Message>(
          Message{.headers = static_cast<size_t>(i), .read = &read_, .released = &released_});
      batch_.Append({.kafka_topic = "raw", .partition = i % 2, .offset = i, .value = "12345"},
                    RecordBatch::Bytes(message.release(), &Release), &ReadHeaders);
    }
  }

  static void Release(void* bytes) {
    const std::unique_ptr<Message> message(static_cast<Message*>(bytes));
    ++*message->released;
  }

  static void ReadHeaders(void* bytes, std::vector<Header>* headers) {
    const auto* const message = static_cast<const Message*>(bytes);
    ++*message->read;
    headers->assign(message->headers, Header{.name = "n", .value = std::nullopt});
  }

  int read_ = 0;
  int released_ = 0;
  RecordBatch batch_;
};

TEST_F(RecordBatchTest, HeadersStayWithTheirRecordsWhileItGrows) {
  Fill(50);
  ASSERT_EQ(batch_.records().size(), 50U);
  for (const Record& record : batch_.records()) {
    ASSERT_EQ(record.headers.all().size(), static_cast<size_t>(record.offset));
    for (const Header& header : record.headers.all()) EXPECT_EQ(header.name, "n");
  }
  EXPECT_EQ(batch_.value_bytes(), 250U);
}

TEST_F(RecordBatchTest, HeadersAreReadOnceAndOnlyIfAskedFor) {
  Fill(3);
  EXPECT_EQ(read_, 0);
  EXPECT_EQ(batch_.records()[2].headers.all().size(), 2U);
  EXPECT_EQ(batch_.records()[2].headers.all().size(), 2U);
  EXPECT_EQ(read_, 1);
  batch_.Clear();
  Fill(3);
  EXPECT_TRUE(batch_.records()[0].headers.all().empty()) << "not those of the batch before";
  EXPECT_EQ(batch_.records()[2].headers.all().size(), 2U);
}

TEST_F(RecordBatchTest, WithoutAReaderThereAreNoHeaders) {
  batch_.Append({.kafka_topic = "raw"}, RecordBatch::Bytes(nullptr, [](void*) {}));
  EXPECT_TRUE(batch_.records()[0].headers.all().empty());
}

TEST_F(RecordBatchTest, EraseReleasesTheErasedAndKeepsOrder) {
  Fill(10);
  batch_.AppendEnd("raw", 0, 5);
  batch_.AppendEnd("raw", 1, 5);
  batch_.Erase([](std::string_view, int32_t partition) { return partition == 0; });
  ASSERT_EQ(batch_.ends().size(), 1U);
  EXPECT_EQ(batch_.ends()[0].partition, 1);
  EXPECT_EQ(released_, 5);
  ASSERT_EQ(batch_.records().size(), 5U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(batch_.records()[i].offset, 2 * i + 1);
    EXPECT_EQ(batch_.records()[i].headers.all().size(), static_cast<size_t>(2 * i + 1));
  }
  batch_.Clear();
  EXPECT_EQ(released_, 10);
  EXPECT_TRUE(batch_.empty() && batch_.ends().empty());
}

TEST_F(RecordBatchTest, AnErasedBatchCanBeFilledOn) {
  Fill(4);
  batch_.Erase([](std::string_view, int32_t) { return true; });
  Fill(3);
  EXPECT_EQ(batch_.records().size(), 3U);
  batch_.Clear();
  EXPECT_EQ(released_, 7);
}

}  // namespace
}  // namespace tocsin
