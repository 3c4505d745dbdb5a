#include "daemon/config/alert_options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

constexpr char kRest[] = "brokers: b:9092\ngroup: tocsin\ninput: [news.raw]\nalert:\n";

struct FaultCase {
  std::string name;
  std::string alert;
  std::string complaint;
};

class AlertFaultTest : public testing::TestWithParam<FaultCase> {};

TEST_P(AlertFaultTest, IsNamedAtItsPlace) {
  const auto config = ParseConfig(kRest + GetParam().alert, "c.yaml");
  ASSERT_FALSE(config.ok());
  EXPECT_NE(std::string(config.status().message()).find(GetParam().complaint), std::string::npos)
      << config.status();
}

INSTANTIATE_TEST_SUITE_P(
    Faults, AlertFaultTest,
    testing::ValuesIn<FaultCase>({
        {"OlderThanRemembered", "  window_hours: 24\n  max_age_hours: 25\n",
         "c.yaml:6:18: max_age_hours 25 is more than window_hours 24"},
        {"ALoop", "  input: [news.x]\n  output: news.x\n", "news.x is used for something else"},
        {"ALoopThroughTheTagger", "  output: news.raw\n", "news.raw is used for something else"},
        {"StateAndLockInOne", "  state_kafka_topic: x\n  lock_kafka_topic: x\n",
         "x is used for something else"},
        {"TheTaggersGroup", "  group: tocsin\n", "group has the same name"},
        {"NoCondition", "  when: ['rule=x']\n", "expected rules="},
        {"NoTime", "  mute: ['22-06']\n", "expected times such as"},
        {"NoKafkaTopic", "  input: ['^news']\n", "cannot name a Kafka topic"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(SelectionOfTest, ReadsWhatTheFileSays) {
  const auto config = ParseConfig(std::string(kRest) + R"(  when: ['topics=a', 'languages=de,fr']
  mute: ['mon 08:00-09:00', '22:00-06:00']
)",
                                  "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const auto selection = SelectionOf(config->alert);
  ASSERT_TRUE(selection.ok()) << selection.status();
  ASSERT_EQ(selection->when.size(), 2U);
  EXPECT_EQ(selection->when[1].languages, (std::vector<std::string>{"de", "fr"}));
  EXPECT_EQ(selection->mute.size(), 2U);
}

}  // namespace
}  // namespace tocsin
