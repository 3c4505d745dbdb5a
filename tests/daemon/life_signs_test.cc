#include "daemon/life_signs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/worker_group.h"

namespace tocsin {
namespace {

constexpr uint64_t kEnd = WorkerGroup::kAtItsEnd;

struct ProgressCase {
  std::string name;
  std::vector<uint64_t> before;
  std::vector<uint64_t> now;
  bool went_on;
};

class ProgressTest : public testing::TestWithParam<ProgressCase> {};

TEST_P(ProgressTest, FeedsTheWatchdogOnlyIfEveryWorkerWentOn) {
  EXPECT_EQ(EachWentOn(GetParam().before, GetParam().now), GetParam().went_on);
}

INSTANTIATE_TEST_SUITE_P(Progress, ProgressTest,
                         testing::ValuesIn<ProgressCase>({
                             {"All", {1, 2}, {2, 3}, true},
                             {"OneStuck", {1, 2}, {2, 2}, false},
                             {"AllStuck", {1, 2}, {1, 2}, false},
                             {"OneAtItsEnd", {1, kEnd}, {2, kEnd}, true},
                             {"OneReachesItsEnd", {1, 2}, {2, kEnd}, true},
                             {"OneStuckOneAtItsEnd", {1, kEnd}, {1, kEnd}, false},
                         }),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace tocsin
