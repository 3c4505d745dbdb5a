#include "daemon/reloader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

namespace tocsin {
namespace {

TEST(ReloaderTest, KeepsARequestThatCameBeforeTheStart) {
  std::binary_semaphore reloaded(0);
  Reloader reloader;
  reloader.Request();
  reloader.Start([&] { reloaded.release(); });
  reloaded.acquire();
}

TEST(ReloaderTest, RequestsThatComeDuringAReloadAreOneReloadAfterIt) {
  std::counting_semaphore<> entered(0);
  std::counting_semaphore<> leave(0);
  std::atomic<int> reloads = 0;
  {
    Reloader reloader;
    reloader.Start([&] {
      ++reloads;
      entered.release();
      leave.acquire();
    });
    reloader.Request();
    entered.acquire();
    for (int i = 0; i < 100; ++i) reloader.Request();
    leave.release();
    entered.acquire();
    leave.release();
  }
  EXPECT_EQ(reloads, 2);
}

TEST(ReloaderTest, TheLastReloadStartsAfterTheLastRequest) {
  std::atomic<int> file = 0;
  std::atomic<int> active = 0;
  Reloader reloader;
  reloader.Start([&] { active = file.load(); });
  constexpr int kThreads = 4;
  std::latch together(kThreads);
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
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
  while (active != file) std::this_thread::yield();
}

}  // namespace
}  // namespace tocsin
