#include "daemon/reloader.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

namespace tocsin {
namespace {

class ReloaderTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

void WaitUntilFinished(const Reloader& reloader, uint64_t count) {
  while (reloader.state().finished() < count) std::this_thread::yield();
}

TEST_F(ReloaderTest, KeepsARequestThatCameBeforeTheStart) {
  Reloader reloader;
  reloader.Request();
  EXPECT_EQ(reloader.state().started, 0U);
  reloader.Start([] { return absl::OkStatus(); });
  WaitUntilFinished(reloader, 1);
  EXPECT_EQ(reloader.state().succeeded, 1U);
}

TEST_F(ReloaderTest, RequestsThatComeDuringAReloadAreOneReloadAfterIt) {
  std::counting_semaphore<> entered(0);
  std::counting_semaphore<> leave(0);
  Reloader reloader;
  reloader.Start([&] {
    entered.release();
    leave.acquire();
    return absl::OkStatus();
  });
  reloader.Request();
  entered.acquire();
  for (int i = 0; i < 100; ++i) reloader.Request();
  leave.release(2);
  WaitUntilFinished(reloader, 2);
  EXPECT_EQ(reloader.state().started, 2U);
}

TEST_F(ReloaderTest, TheLastReloadStartsAfterTheLastRequest) {
  std::atomic<int> file = 0;
  std::atomic<int> active = 0;
  Reloader reloader;
  reloader.Start([&] {
    active = file.load();
    return absl::OkStatus();
  });
  constexpr int kThreads = 4;
  std::latch together(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        together.arrive_and_wait();
        for (int write = 0; write < 200; ++write) {
          ++file;
          reloader.Request();
        }
      });
    }
  }
  const uint64_t started = reloader.state().started;
  reloader.Request();
  WaitUntilFinished(reloader, started + 1);
  EXPECT_EQ(active, file);
}

TEST_F(ReloaderTest, KeepsWhyTheLastOneFailedUntilOneSucceeds) {
  absl::Status outcome = absl::InvalidArgumentError("rules.yaml:3:1: no");
  Reloader reloader;
  reloader.Start([&] { return outcome; });
  reloader.Request();
  WaitUntilFinished(reloader, 1);
  EXPECT_EQ(reloader.state().failed, 1U);
  EXPECT_EQ(reloader.state().last, outcome);
  outcome = absl::OkStatus();
  reloader.Request();
  WaitUntilFinished(reloader, 2);
  EXPECT_EQ(reloader.state().failed, 1U);
  EXPECT_TRUE(reloader.state().last.ok());
}

}  // namespace
}  // namespace tocsin
