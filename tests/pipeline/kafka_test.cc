// KafkaSource and AtLeastOnceSink against the embedded broker: how errors are classed, never
// exactly-once.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/broker/mock_broker.h"
#include "pipeline/broker/reader.h"
#include "pipeline/consume/kafka_source.h"
#include "pipeline/publish/at_least_once_sink.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr char kOutput[] = "news.out";
constexpr char kDeadLetter[] = "news.dead-letter";
constexpr auto kPatience = std::chrono::seconds(60);

// A source of which only the commit matters.
class CommitProbe final : public Source {
 public:
  explicit CommitProbe(std::function<void()> on_commit) : on_commit_(std::move(on_commit)) {}

  void OnRevoke(RevokeHandler /*handler*/) override {}
  absl::Status Poll(milliseconds /*timeout*/, RecordBatch* /*batch*/) override {
    return absl::OkStatus();
  }
  absl::Status CommitOffsets(const Offsets& /*next*/) override {
    ++commits_;
    on_commit_();
    return absl::OkStatus();
  }
  absl::StatusOr<GroupMembership> Membership() override {
    return absl::AbortedError("no transactions here");
  }
  absl::Status Rewind() override { return absl::OkStatus(); }
  bool exhausted() const override { return false; }
  void Close() override {}

  int commits() const { return commits_; }

 private:
  std::function<void()> on_commit_;
  int commits_ = 0;
};

OutputRecord Output(std::string value) {
  OutputRecord output;
  output.kafka_topic = kOutput;
  output.value = std::move(value);
  return output;
}

class KafkaTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = broker::MockBroker::Start();
    ASSERT_TRUE(started.ok()) << started.status();
    mock_broker_ = *std::move(started);
    for (const char* kafka_topic : {"news.raw", kOutput, kDeadLetter}) {
      ASSERT_TRUE(mock_broker_->CreateKafkaTopic(kafka_topic, 1).ok());
    }
    settings_ = {.brokers = mock_broker_->bootstrap(), .group = "test", .properties = {}};
  }

  std::unique_ptr<AtLeastOnceSink> ConnectSink() {
    auto sink = AtLeastOnceSink::Connect(
        {.client = settings_, .kafka_topics = {kOutput}, .transactional_id = ""}, kDeadLetter,
        &counters_);
    EXPECT_TRUE(sink.ok()) << sink.status();
    return *std::move(sink);
  }

  std::vector<std::string> Values(const std::string& kafka_topic) {
    std::vector<std::string> values;
    for (const broker::StoredRecord& stored : Stored(kafka_topic)) {
      values.push_back(stored.record.value.value_or("null"));
    }
    return values;
  }

  std::vector<broker::StoredRecord> Stored(const std::string& kafka_topic) {
    auto stored = broker::ReadToEnd(settings_, kafka_topic);
    EXPECT_TRUE(stored.ok()) << stored.status();
    return stored.ok() ? *stored : std::vector<broker::StoredRecord>();
  }

  std::unique_ptr<broker::MockBroker> mock_broker_;
  broker::ClientSettings settings_;
  Counters counters_;
};

TEST_F(KafkaTest, OffsetsAreCommittedAfterEverythingIsOnTheBroker) {
  const auto sink = ConnectSink();
  CommitProbe source([&] { EXPECT_EQ(Values(kOutput).size(), 100U); });
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(sink->Publish(Output(std::to_string(i))).ok());
  }
  ASSERT_TRUE(sink->Commit(source, {}).ok());
  EXPECT_EQ(source.commits(), 1);
  EXPECT_EQ(counters_.acknowledged.value(), 100U);
}

TEST_F(KafkaTest, NullAndEmptyAndHeadersArriveAsTheyWere) {
  const auto sink = ConnectSink();
  CommitProbe probe([] {});
  OutputRecord output = Output("");
  output.key = "";
  output.headers = {{"a", "1"}, {"a", std::nullopt}, {"b", ""}};
  output.timestamp_ms = 1'700'000'000'123;
  OutputRecord null_value = Output("");
  null_value.value.reset();
  ASSERT_TRUE(sink->Publish(output).ok());
  ASSERT_TRUE(sink->Publish(null_value).ok());
  ASSERT_TRUE(sink->Commit(probe, {}).ok());
  const auto stored = Stored(kOutput);
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[0].record.key, "");
  EXPECT_EQ(stored[0].record.value, "");
  EXPECT_EQ(stored[0].record.headers, output.headers);
  EXPECT_EQ(stored[0].record.timestamp_ms, output.timestamp_ms);
  EXPECT_EQ(stored[1].record.key, std::nullopt);
  EXPECT_EQ(stored[1].record.value, std::nullopt);
}

TEST_F(KafkaTest, AFailedDeliveryAbortsTheCommitAndTheNextAttemptSucceeds) {
  const auto sink = ConnectSink();
  CommitProbe source([] {});
  mock_broker_->AnswerProduce({RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS});
  // Whether the failure shows here or at the commit is a matter of time.
  static_cast<void>(sink->Publish(Output("a")));
  EXPECT_TRUE(absl::IsAborted(sink->Commit(source, {})));
  EXPECT_EQ(source.commits(), 0);
  ASSERT_TRUE(sink->Abort().ok());
  ASSERT_TRUE(sink->Publish(Output("a")).ok());
  ASSERT_TRUE(sink->Commit(source, {}).ok());
  EXPECT_EQ(source.commits(), 1);
  EXPECT_EQ(Values(kOutput), std::vector<std::string>{"a"});
}

struct RefusalCase {
  std::string name;
  rd_kafka_resp_err_t code;
  Refusal refusal;
};

class RefusalTest : public KafkaTest, public testing::WithParamInterface<RefusalCase> {};

TEST_P(RefusalTest, IsToldFromAFailureAndForgottenWithTheAbort) {
  const auto sink = ConnectSink();
  CommitProbe source([] {});
  mock_broker_->AnswerProduce({GetParam().code});
  static_cast<void>(sink->Publish(Output("a")));
  EXPECT_EQ(RefusalOf(sink->Commit(source, {})), GetParam().refusal);
  EXPECT_EQ(source.commits(), 0);
  ASSERT_TRUE(sink->Abort().ok());
  EXPECT_TRUE(sink->Commit(source, {}).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Kafka, RefusalTest,
    testing::ValuesIn<RefusalCase>({
        {"ARecordTooLarge", RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Refusal::kTooLarge},
        {"ATimestampTooFarAhead", RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, Refusal::kInvalid},
        {"ARecordWithoutTheKeyOfACompactedKafkaTopic", RD_KAFKA_RESP_ERR_INVALID_RECORD,
         Refusal::kInvalid},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST_F(KafkaTest, ARecordTooLargeForUsIsRefusedAloneAndAtOnce) {
  settings_.properties = {{"message.max.bytes", "10000"}};
  const auto sink = ConnectSink();
  CommitProbe source([] {});
  ASSERT_TRUE(sink->Publish(Output("before")).ok());
  EXPECT_TRUE(absl::IsOutOfRange(sink->Publish(Output(std::string(20'000, 'x')))));
  ASSERT_TRUE(sink->Publish(Output("after")).ok());
  ASSERT_TRUE(sink->Commit(source, {}).ok());
  EXPECT_EQ(Values(kOutput), (std::vector<std::string>{"before", "after"}));
}

class KafkaSourceTest : public KafkaTest {
 protected:
  void Produce(size_t count, const std::string& padding = "") {
    const auto sink = ConnectSink();
    CommitProbe probe([] {});
    for (size_t i = 0; i < count; ++i) {
      OutputRecord output = Output(std::to_string(i) + padding);
      output.kafka_topic = "news.raw";
      output.headers = {{"n", std::to_string(i)}};
      ASSERT_TRUE(sink->Publish(output).ok());
    }
    ASSERT_TRUE(sink->Commit(probe, {}).ok());
  }

  std::unique_ptr<KafkaSource> ConnectSource() {
    auto source =
        KafkaSource::Connect({.client = settings_, .kafka_topics = {"news.raw"}}, &counters_);
    EXPECT_TRUE(source.ok()) << source.status();
    return *std::move(source);
  }

  // The offsets of the records that come next, at least `count`.
  std::vector<int64_t> Consume(KafkaSource* source, size_t count) {
    std::vector<int64_t> offsets;
    RecordBatch batch;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (offsets.size() < count && std::chrono::steady_clock::now() < deadline) {
      EXPECT_TRUE(source->Poll(milliseconds(20), &batch).ok());
      for (const Record& record : batch.records()) {
        EXPECT_EQ(record.value, std::to_string(record.offset));
        EXPECT_EQ(record.headers.all().size(), 1U);
        offsets.push_back(record.offset);
      }
    }
    return offsets;
  }
};

// Left alone, librdkafka would fill the queue once a second, some 60 times.
TEST_F(KafkaSourceTest, ASmallQueueIsFilledAgainAsFastAsItIsEmptied) {
  constexpr size_t kRecords = 10'000;
  settings_.properties = {{"batch.size", "8192"}};
  settings_.buffers = {.consumer_bytes = 64 << 10, .fetch_bytes = 16 << 10};
  Produce(kRecords, std::string(400, 'x'));
  const auto source = KafkaSource::Connect(
      {.client = settings_, .kafka_topics = {"news.raw"}, .records_max = 50}, &counters_);
  ASSERT_TRUE(source.ok()) << source.status();
  RecordBatch batch;
  size_t consumed = 0;
  const auto deadline = std::chrono::steady_clock::now() + kPatience / 2;
  while (consumed < kRecords && std::chrono::steady_clock::now() < deadline) {
    ASSERT_TRUE((*source)->Poll(milliseconds(20), &batch).ok());
    consumed += batch.records().size();
    std::this_thread::sleep_for(milliseconds(2));  // slower than fetching: the queue fills
  }
  EXPECT_EQ(consumed, kRecords);
}

TEST_F(KafkaSourceTest, RewindGoesBackToTheCommittedOffset) {
  Produce(10);
  const auto source = ConnectSource();
  EXPECT_EQ(Consume(source.get(), 10), (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  Offsets next;
  next.Set("news.raw", 0, 6);
  ASSERT_TRUE(source->CommitOffsets(next).ok());
  ASSERT_TRUE(source->Rewind().ok());
  EXPECT_EQ(Consume(source.get(), 4), (std::vector<int64_t>{6, 7, 8, 9}));
}

TEST_F(KafkaSourceTest, RewindWithNothingCommittedGoesBackToTheFirstRecord) {
  Produce(3);
  const auto source = ConnectSource();
  EXPECT_EQ(Consume(source.get(), 3).size(), 3U);
  ASSERT_TRUE(source->Rewind().ok());
  EXPECT_EQ(Consume(source.get(), 3), (std::vector<int64_t>{0, 1, 2}));
}

TEST_F(KafkaSourceTest, ACommitForAPartitionThatIsNotOursIsLeftOut) {
  Produce(1);
  const auto source = ConnectSource();
  EXPECT_EQ(Consume(source.get(), 1).size(), 1U);
  Offsets next;
  next.Set("news.raw", 9, 6);
  EXPECT_TRUE(source->CommitOffsets(next).ok());
}

TEST_F(KafkaSourceTest, TheNextMemberOfTheGroupResumesWhereTheLastCommitted) {
  settings_.properties = {
      {"session.timeout.ms", "6000"}};  // the mock waits so long for who has left
  Produce(5);
  {
    const auto source = ConnectSource();
    EXPECT_EQ(Consume(source.get(), 5).size(), 5U);
    Offsets next;
    next.Set("news.raw", 0, 3);
    ASSERT_TRUE(source->CommitOffsets(next).ok());
  }
  const auto source = ConnectSource();
  EXPECT_EQ(Consume(source.get(), 2), (std::vector<int64_t>{3, 4}));
}

}  // namespace
}  // namespace tocsin
