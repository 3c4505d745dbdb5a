// What a matcher that errs leads to: the cross-check tells, and its answer is published all the same.
#include "pipeline/match/cross_check.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "pipeline/article_handler.h"
#include "pipeline/worker.h"
#include "tests/pipeline/fakes.h"

namespace tocsin {
namespace {

std::shared_ptr<const rules::RuleSet> Load(const std::string& first, const std::string& second) {
  const auto path = std::filesystem::path(testing::TempDir()) / "cross_check_test.yaml";
  std::ofstream(path) << "topic: news\nrules:\n  - {id: news.a, query: '" << first
                      << "'}\n  - {id: news.b, query: '" << second << "'}\n";
  auto rule_set = rules::RuleSet::Load({path.string()});
  EXPECT_TRUE(rule_set.ok()) << rule_set.status();
  return rule_set.ok() ? *rule_set : nullptr;
}

struct Difference {
  std::string name;
  std::string matched_as;  // the second rule's query as the matcher takes it; the truth is `gaza`
  std::string body;
  std::string told;  // a part of the log; empty: nothing is logged
};

class CrossCheckTest : public testing::TestWithParam<Difference> {
 protected:
  void SetUp() override {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
  }
  void TearDown() override { spdlog::set_default_logger(before_); }

  // The matcher's rule set takes the place of a matcher that errs.
  void Run(FakeKafka* kafka, int per_million) {
    FakeSource source(kafka);
    FakeSink sink(kafka);
    const auto wrong = Load("truce", GetParam().matched_as);
    auto matcher = Matcher::Create(wrong, &counters_);
    ASSERT_TRUE(matcher.ok()) << matcher.status();
    RuleUse use{.matcher = *std::move(matcher),
                .encoder = Encoder(wrong, {}),
                .cross_check = CrossCheck::Create(Load("truce", "gaza"), per_million, &counters_)};
    Worker worker(
        {}, &source, &sink,
        std::make_unique<ArticleHandler>(ArticleOptions{}, &sink, std::move(use), &counters_),
        &counters_);
    ASSERT_TRUE(worker.Run({}).ok());
  }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream log_;
  Counters counters_;
};

using Counts = std::map<std::array<std::string, 1>, uint64_t>;

TEST_P(CrossCheckTest, CountsLogsAndPublishesWhatWasFound) {
  FakeKafka kafka({{0, R"({"title":"Weather"})"}, {0, R"({"body":")" + GetParam().body + "\"}"}});
  Run(&kafka, 1'000'000);
  EXPECT_EQ(kafka.acknowledged, (std::vector<Trace>{{0, 1, "news.news"}}));
  const bool differs = !GetParam().told.empty();
  EXPECT_EQ(counters_.cross_checked.Snapshot(),
            differs ? (Counts{{{"different"}, 1}, {{"same"}, 1}}) : (Counts{{{"same"}, 2}}));
  EXPECT_EQ(counters_.cross_check_differences.Snapshot(),
            differs ? (Counts{{{"news.b"}, 1}}) : Counts{});
  const std::string log = log_.str();
  EXPECT_EQ(log.find("cross-check") == std::string::npos, GetParam().told.empty()) << log;
  EXPECT_NE(log.find(GetParam().told), std::string::npos) << log;
  if (GetParam().told.empty()) return;
  for (const char* part : {"TOPIC=news.raw", "PARTITION=0", "OFFSET=1"}) {
    EXPECT_NE(log.find(part), std::string::npos) << log;
  }
  EXPECT_EQ(log.find("truce"), std::string::npos) << "text of an article in " << log;
}

TEST_P(CrossCheckTest, IsNotMadeUnlessAskedFor) {
  FakeKafka kafka({{0, R"({"body":")" + GetParam().body + "\"}"}});
  Run(&kafka, 0);
  EXPECT_EQ(counters_.cross_checked.Total(), 0U);
  EXPECT_EQ(log_.str().find("cross-check"), std::string::npos) << log_.str();
}

std::string Often(const std::string& word, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += word + " ";
  return text;
}

INSTANTIATE_TEST_SUITE_P(Matchers, CrossCheckTest,
                         testing::ValuesIn<Difference>({
                             {"ThatIsRight", "gaza", "A truce in Gaza", ""},
                             {"ThatMissesARule", "nothing", "A truce in Gaza",
                              "cross-check: rule news.b was not found to hold for article 0"},
                             {"ThatFindsTooMuch", "gaza OR truce", "A truce",
                              "cross-check: rule news.b was wrongly found to hold for article 0"},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(CrossCheckGivenUpTest, IsNeitherSameNorDifferent) {
  Counters counters;
  const auto check = CrossCheck::Create(Load("truce", "gaza ONEAR/1 talks"), 1'000'000, &counters);
  const std::string many_pairs = Often("gaza", 3000) + Often("talks", 3000);
  const std::string long_text = Often("gaza", 30'000) + "truce";
  for (const std::string& body : {many_pairs, long_text}) {
    check->Check({.kafka_topic = "news.raw"}, {.document = {.body = body}}, {});
  }
  EXPECT_EQ(counters.cross_checked.Snapshot(), (Counts{{{"given_up"}, 2}}));
  EXPECT_EQ(counters.cross_check_differences.Total(), 0U);
}

TEST(CrossCheckSampleTest, IsOfTheSizeAskedForAndAlwaysTheSame) {
  Counters counters;
  const auto rule_set = Load("truce", "gaza");
  const auto some = CrossCheck::Create(rule_set, 100'000, &counters);
  const auto again = CrossCheck::Create(rule_set, 100'000, &counters);
  const auto more = CrossCheck::Create(rule_set, 300'000, &counters);
  int chosen = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string number = std::to_string(i);
    const Article article{.document = i % 2 == 0 ? rules::Document{.title = number}
                                                 : rules::Document{.body = number}};
    chosen += some->Chooses(article) ? 1 : 0;
    EXPECT_EQ(some->Chooses(article), again->Chooses(article));
    EXPECT_TRUE(more->Chooses(article) || !some->Chooses(article));
  }
  EXPECT_GT(chosen, 900);
  EXPECT_LT(chosen, 1100);
}

TEST(CrossCheckSampleTest, IsTheSameInEveryProcess) {
  Counters counters;
  const auto check = CrossCheck::Create(Load("truce", "gaza"), 500'000, &counters);
  std::string chosen;
  for (const char* title : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}) {
    if (check->Chooses({.document = {.title = title, .body = "A truce"}})) chosen += title;
  }
  EXPECT_EQ(chosen, "fhj");
}

}  // namespace
}  // namespace tocsin
