#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/reload.h"

namespace tocsin {
namespace {

TEST(ReloadPageTest, TellsTheCommandAllItMustKnow) {
  ReloadStatus status;
  status.Loaded("abc", 3);
  status.Started();
  status.Failed("x.yaml:3:1: no\ny.yaml:4:2: neither");
  status.Started();
  const auto answer = ParseReloadPage(ReloadPage(status.Get(), 2));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->pid, getpid());
  EXPECT_EQ(answer->started, 2U);
  EXPECT_EQ(answer->finished, 1U);
  EXPECT_EQ(answer->version, "abc");
  EXPECT_EQ(answer->behind, 2U);
  EXPECT_EQ(answer->failure, "x.yaml:3:1: no y.yaml:4:2: neither");
}

TEST(ReloadPageTest, SignalsNobodyForAPageOfSomethingElse) {
  for (const char* page : {"", "{\"pid\": 7}\n", "pid none\n", "pid 1\n", "pid -1\n"}) {
    EXPECT_FALSE(ParseReloadPage(page).ok()) << page;
  }
}

}  // namespace
}  // namespace tocsin
