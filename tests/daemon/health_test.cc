#include "daemon/health.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace tocsin {
namespace {

using Clock = std::chrono::steady_clock;

// A worker as it is when all is well, connected to a listener of ours.
class HealthTest : public testing::Test {
 protected:
  void SetUp() override {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(bind(listener_, generic, size), 0);
    ASSERT_EQ(listen(listener_, 5), 0);
    ASSERT_EQ(getsockname(listener_, generic, &size), 0);
    for (Counters& worker : workers_) {
      const int opened = worker.consumer_sockets.Open(AF_INET, SOCK_STREAM, 0);
      ASSERT_EQ(connect(opened, generic, size), 0);
      sockets_.push_back(opened);
      worker.is_running.Set(1);
      worker.is_member.Set(1);
      worker.stages.Enter(Stage::kConsume);
    }
    health_.Started();
  }

  void TearDown() override {
    for (size_t i = 0; i < sockets_.size(); ++i) workers_[i].consumer_sockets.Close(sockets_[i]);
    close(listener_);
  }

  std::string Reason() const {
    const std::vector<std::string> reasons = health_.Reasons();
    return reasons.empty() ? "ready" : reasons.front();
  }

  std::vector<Counters> workers_ = std::vector<Counters>(2);
  std::vector<int> sockets_;
  int listener_ = -1;
  std::stop_source stop_;
  Health health_{&workers_, stop_.get_token()};
};

TEST_F(HealthTest, ReadyWhenEveryWorkerHasItsPlace) { EXPECT_EQ(Reason(), "ready"); }

TEST_F(HealthTest, NotBeforeTheWorkersStart) {
  const Health fresh(&workers_, stop_.get_token());
  EXPECT_EQ(fresh.Reasons(),
            std::vector<std::string>{"starting: the Kafka brokers have not yet let us in"});
}

TEST_F(HealthTest, NotBeforeAssignment) {
  workers_[1].is_member.Set(0);
  EXPECT_EQ(Reason(), "worker 1 has been assigned no partitions yet");
}

TEST_F(HealthTest, NotWithoutABroker) {
  workers_[0].consumer_sockets.Close(sockets_[0]);
  sockets_[0] = workers_[0].consumer_sockets.Open(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(Reason(), "worker 0 is connected to no Kafka broker") << "an open socket is no peer";
}

TEST_F(HealthTest, NotWhileCommitsFail) {
  const auto ago = [](std::chrono::seconds time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               (Clock::now() - time).time_since_epoch())
        .count();
  };
  workers_[0].failing_since_ms.Set(ago(Health::kFailingMax / 2));
  EXPECT_EQ(Reason(), "ready") << "a rewind is no outage";
  workers_[0].failing_since_ms.Set(ago(Health::kFailingMax * 2));
  EXPECT_EQ(Reason(), "worker 0 has tried in vain to commit for 20 s");
}

TEST_F(HealthTest, NotFromTheMomentThatAStopIsRequested) {
  std::string seen;
  const std::stop_callback drain(stop_.get_token(), [&] { seen = Reason(); });
  stop_.request_stop();
  EXPECT_EQ(seen, "draining") << "before anything that a stop sets off";
}

TEST_F(HealthTest, AWorkerThatHasEndedIsNoReasonWhileOthersRun) {
  workers_[0].is_running.Set(0);
  workers_[0].is_member.Set(0);
  EXPECT_EQ(Reason(), "ready");
  workers_[1].is_running.Set(0);
  EXPECT_EQ(Reason(), "no worker runs");
}

TEST(ReadinessJson, SaysWhy) {
  EXPECT_EQ(ReadinessJson({}), "{\"ready\":true,\"reasons\":[]}\n");
  EXPECT_EQ(ReadinessJson({"a", "\"b\""}), "{\"ready\":false,\"reasons\":[\"a\",\"\\\"b\\\"\"]}\n");
}

}  // namespace
}  // namespace tocsin
