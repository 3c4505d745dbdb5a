// What is asked before anything starts, of the embedded broker. Rights are proven in tests/broker: where the embedded
// broker refuses a Kafka topic it names partitions all the same, as no real one does, and librdkafka 2.8 crashes
// (LRK#4970).
#include "pipeline/broker/access.h"

#include <gtest/gtest.h>

#include <memory>
#include <stop_token>
#include <string>

#include "pipeline/broker/mock_broker.h"

namespace tocsin::broker {
namespace {

class KafkaAccessTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = MockBroker::Start();
    ASSERT_TRUE(started.ok()) << started.status();
    mock_broker_ = *std::move(started);
    for (const char* kafka_topic : {"in", "out"}) {
      ASSERT_TRUE(mock_broker_->CreateKafkaTopic(kafka_topic, 2).ok());
    }
    settings_ = {.brokers = mock_broker_->bootstrap(), .group = "test", .properties = {}};
  }

  absl::Status Check(const Access& access) const {
    return CheckAccess(settings_, access, std::stop_token());
  }

  std::unique_ptr<MockBroker> mock_broker_;
  ClientSettings settings_;
};

TEST_F(KafkaAccessTest, IsGivenToWhatCanBeReadAndFound) {
  EXPECT_TRUE(Check({.read = {"in"}, .written = {"out"}}).ok());
}

TEST_F(KafkaAccessTest, IsNotRefusedByAKafkaTopicThatDoesNotExistYet) {
  mock_broker_->RefuseKafkaTopic("in", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  EXPECT_TRUE(Check({.read = {"in"}, .written = {"out"}}).ok());
}

TEST_F(KafkaAccessTest, IsNotWaitedForOnceAStopIsRequested) {
  settings_.brokers = "127.0.0.1:1";
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(CheckAccess(settings_, {.read = {"in"}, .written = {}}, stop.get_token()).ok());
}

}  // namespace
}  // namespace tocsin::broker
