// Workers with real transactions over a Kafka in memory, which fails, delays, repeats, rebalances
// and kills as a seed decides: every record comes out once, in order, and whole.
//
//   TOCSIN_MODEL_SEED=17 delivery_test      one schedule
//   TOCSIN_MODEL_SCHEDULES=100000 ...       more of them
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/article_handler.h"
#include "pipeline/worker.h"
#include "tests/pipeline/delivery/model_kafka.h"

namespace tocsin {
namespace {

constexpr int kSchedules = 4000;
constexpr int kProcessesMax = 400;

std::string RuleFile(const std::string& topic, const std::string& word) {
  return "topic: " + topic + "\ntitle: T\nrules:\n  - id: " + topic +
         ".mention\n    status: stable\n    query: " + word + "\n    examples: [" + word +
         "]\n    counterexamples: [weather]\n";
}

using RuleSets = std::vector<std::shared_ptr<const rules::RuleSet>>;

std::shared_ptr<const rules::RuleSet> TwoTopics(const std::string& word) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "delivery_model_rules";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "peace.yaml") << RuleFile("peace", word);
  std::ofstream(directory / "energy.yaml") << RuleFile("energy", "pipeline");
  auto rule_set = rules::RuleSet::Load({directory.string()});
  EXPECT_TRUE(rule_set.ok()) << rule_set.status();
  return rule_set.ok() ? *rule_set : nullptr;
}

struct Kind {
  const char* value;
  std::set<std::string> kafka_topics;
  const char* published;  // part of what must arrive
};

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kKinds = {
      {R"({"title":"Weather"})", {}, ""},
      {R"({"title":"A truce"})", {"news.peace"}, R"("article")"},
      {R"({"title":"A truce on the pipeline"})", {"news.peace", "news.energy"}, R"("article")"},
      {R"({"title":"broken)", {"dead"}, "letter"},
      {R"({"title":"A truce on a pipeline","size":"oversized"})",
       {"news.peace", "news.energy"},
       R"("truncated":true)"},
      {R"({"title":"A futuristic truce"})", {"dead"}, "pointer"},
  };
  return kKinds;
}

// Either of two rule sets that match the same.
RuleUse UseOf(ModelKafka* kafka, const RuleSets& rule_sets, Counters* counters) {
  const auto& rule_set = rule_sets[kafka->Below(static_cast<int>(rule_sets.size()))];
  auto matcher = Matcher::Create(rule_set, counters);
  EXPECT_TRUE(matcher.ok()) << matcher.status();
  return {*std::move(matcher), Encoder(rule_set, {})};
}

// What befalls one process: it is killed, fenced, or stopped; and its rules are reloaded.
void RunProcess(ModelKafka* kafka, const RuleSets& rule_sets, const std::string& id,
                int polls_max) {
  static int processes = 0;
  bool is_dead = false;
  Counters counters;
  ModelSource source(kafka, id + "-" + std::to_string(++processes), polls_max, &is_dead);
  ModelSink sink(kafka, id, &is_dead);
  const WorkerOptions options{.commit_interval = std::chrono::hours(1),
                              .commit_records_max = static_cast<size_t>(1 + kafka->Below(5)),
                              .backoff_min = std::chrono::milliseconds(0),
                              .backoff_max = std::chrono::milliseconds(0)};
  try {
    auto handler = std::make_unique<ArticleHandler>(ArticleOptions{}, &sink,
                                                    UseOf(kafka, rule_sets, &counters), &counters);
    ArticleHandler* const offered = handler.get();
    source.OnPoll([&, offered] {
      if (kafka->OnceIn(3)) offered->Offer(UseOf(kafka, rule_sets, &counters));
    });
    Worker worker(options, &source, &sink, std::move(handler), &counters);
    const absl::Status status = worker.Run({});
    EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;  // or fenced
  } catch (const Killed&) {
    EXPECT_TRUE(is_dead);
  }
}

// Of each transaction; a dead letter names none.
std::map<int, std::set<std::string>> RuleSetVersions(const ModelKafka& kafka) {
  constexpr std::string_view kKey = R"("ruleset":")";
  std::map<int, std::set<std::string>> versions;
  for (const ModelEntry& entry : kafka.log()) {
    const size_t at = entry.value.find(kKey);
    if (at != std::string::npos) {
      versions[entry.transaction].insert(entry.value.substr(at + kKey.size(), 16));
    }
  }
  return versions;
}

void Check(const ModelKafka& kafka) {
  for (const auto& [transaction, versions] : RuleSetVersions(kafka)) {
    EXPECT_EQ(versions.size(), 1U) << "rules changed within transaction " << transaction;
  }
  std::map<std::pair<int32_t, int64_t>, std::set<std::string>> arrived;
  std::map<std::pair<int32_t, int64_t>, std::set<int>> transactions;
  std::map<std::pair<std::string, int32_t>, int64_t> last;
  for (const ModelEntry& entry : kafka.log()) {
    if (!entry.is_committed) continue;
    const std::pair origin(entry.partition, entry.offset);
    EXPECT_TRUE(arrived[origin].insert(entry.kafka_topic).second)
        << "doubled: " << entry.partition << "@" << entry.offset << " in " << entry.kafka_topic;
    transactions[origin].insert(entry.transaction);
    int64_t& before = last.try_emplace({entry.kafka_topic, entry.partition}, -1).first->second;
    EXPECT_GT(entry.offset, before) << "out of order in " << entry.kafka_topic;
    before = entry.offset;
  }
  for (size_t partition = 0; partition < kafka.input().size(); ++partition) {
    for (size_t offset = 0; offset < kafka.input()[partition].size(); ++offset) {
      const std::pair origin(static_cast<int32_t>(partition), static_cast<int64_t>(offset));
      for (const Kind& kind : Kinds()) {
        if (kafka.input()[partition][offset] != kind.value) continue;
        EXPECT_EQ(arrived[origin], kind.kafka_topics) << "lost: " << partition << "@" << offset;
        EXPECT_LE(transactions[origin].size(), 1U) << "torn: " << partition << "@" << offset;
      }
    }
  }
  for (const ModelEntry& entry : kafka.log()) {
    if (!entry.is_committed) continue;
    for (const Kind& kind : Kinds()) {
      if (kafka.input()[entry.partition][entry.offset] != kind.value) continue;
      EXPECT_NE(entry.value.find(kind.published), std::string::npos) << entry.value;
    }
  }
}

void RunSchedule(uint64_t seed, const RuleSets& rule_sets) {
  std::mt19937_64 random(seed);
  std::vector<ModelKafka::Values> input(1 + random() % 3);
  for (auto& values : input) {
    for (size_t i = 0; i < 10; ++i) values.emplace_back(Kinds()[random() % Kinds().size()].value);
  }
  ModelKafka kafka(seed, std::move(input));
  int depth = 1;
  // While a process takes a step, others may live and die: a second member, or a twin that took
  // its transactional id.
  kafka.OnStep([&] {
    if (depth > 2 || !kafka.OnceIn(25)) return;
    ++depth;
    if (kafka.OnceIn(10)) kafka.TimeOut("tocsin.a.0");
    const char* const id = kafka.OnceIn(6) ? "tocsin.a.0"
                           : depth == 2    ? "tocsin.b.0"
                                           : "tocsin.c.0";
    RunProcess(&kafka, rule_sets, id, 1 + kafka.Below(6));
    --depth;
  });
  int processes = 0;
  while (!kafka.IsDone()) {
    ASSERT_LT(processes, kProcessesMax) << "no end";
    if (++processes == kProcessesMax / 2) kafka.CalmDown();
    // As a supervisor would: whoever has died comes back, which ends what it has left open.
    for (const char* id : {"tocsin.b.0", "tocsin.c.0"}) {
      if (processes % 3 == 0) RunProcess(&kafka, rule_sets, id, 2);
    }
    RunProcess(&kafka, rule_sets, "tocsin.a.0", 1 + kafka.Below(20));
  }
  kafka.DeliverAll();
  Check(kafka);
}

TEST(DeliveryModelTest, WhateverFailsEveryRecordComesOutOnceInOrderAndWhole) {
  spdlog::set_level(spdlog::level::off);
  const RuleSets rule_sets = {TwoTopics("truce"), TwoTopics("truce OR (truce AND truce)")};
  ASSERT_TRUE(rule_sets[0] && rule_sets[1]);
  ASSERT_NE(rule_sets[0]->version(), rule_sets[1]->version());
  const char* const one = std::getenv("TOCSIN_MODEL_SEED");
  const char* const count = std::getenv("TOCSIN_MODEL_SCHEDULES");
  const uint64_t first = one == nullptr ? 1 : std::strtoull(one, nullptr, 10);
  const uint64_t schedules = one != nullptr     ? 1
                             : count == nullptr ? kSchedules
                                                : std::strtoull(count, nullptr, 10);
  for (uint64_t seed = first; seed < first + schedules; ++seed) {
    RunSchedule(seed, rule_sets);
    ASSERT_FALSE(HasFailure()) << "TOCSIN_MODEL_SEED=" << seed << " repeats this schedule";
  }
}

}  // namespace
}  // namespace tocsin
