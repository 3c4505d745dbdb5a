#include "pipeline/worker.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/article_handler.h"
#include "tests/pipeline/fakes.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr char kTruce[] = R"({"title":"A truce"})";
constexpr char kNothing[] = R"({"title":"Weather"})";

// One word, and a regex that no text with that many x decides within PCRE2's match limit.
std::shared_ptr<const rules::RuleSet> TestRules() {
  const auto path = std::filesystem::path(testing::TempDir()) / "worker_test_rules.yaml";
  std::ofstream(path) << R"yaml(
topic: ceasefire
title: Ceasefires
codes: {iptc: "medtop:20000053"}
rules:
  - id: ceasefire.mention
    status: stable
    query: truce
    examples: ["A truce."]
    counterexamples: ["Weather."]
  - id: ceasefire.slow
    status: experimental
    query: '/(x+x+)+y\1/'
    examples: ["xxyxx"]
    counterexamples: ["Weather."]
)yaml";
  auto rule_set = rules::RuleSet::Load({path.string()});
  EXPECT_TRUE(rule_set.ok()) << rule_set.status();
  return rule_set.ok() ? *rule_set : nullptr;
}

class WorkerTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }  // failures are what is tested

  // Runs one worker until the source is exhausted, or `stop`.
  absl::Status Run(FakeSource* source, FakeKafka* kafka, WorkerOptions options = {},
                   const std::stop_token& stop = {}) {
    FakeSink sink(kafka);
    options.backoff_min = milliseconds(0);
    options.backoff_max = milliseconds(0);
    auto matcher = Matcher::Create(rule_set_, &counters_);
    if (!matcher.ok()) return matcher.status();
    Worker worker(
        options, source, &sink,
        std::make_unique<ArticleHandler>(
            articles_, &sink, RuleUse{*std::move(matcher), Encoder(rule_set_, {})}, &counters_),
        &counters_);
    return worker.Run(stop);
  }

  std::shared_ptr<const rules::RuleSet> rule_set_ = TestRules();
  ArticleOptions articles_;
  Counters counters_;
};

struct RecordCase {
  std::string name;
  std::optional<std::string> value;
  std::string outcome;  // "": nothing is published
};

class RecordTest : public WorkerTest, public testing::WithParamInterface<RecordCase> {};

TEST_P(RecordTest, EndsInOneOutcomeAndTheStreamGoesOn) {
  FakeKafka kafka({{0, GetParam().value}, {0, kTruce}});
  FakeSource source(&kafka);
  ASSERT_TRUE(Run(&source, &kafka).ok());
  std::vector<Trace> want = {{0, 1, "news.ceasefire"}};
  if (!GetParam().outcome.empty()) want.insert(want.begin(), Trace{0, 0, GetParam().outcome});
  EXPECT_EQ(kafka.acknowledged, want);
  EXPECT_EQ(kafka.committed[0], 2);
  EXPECT_EQ(counters_.consumed.Total(), 2U);
  EXPECT_EQ(counters_.tombstones.value(), GetParam().value ? 0U : 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Records, RecordTest,
    testing::ValuesIn<RecordCase>({
        {"AMatchIsPublished", kTruce, "news.ceasefire"},
        {"NoMatchPublishesNothing", kNothing, ""},
        {"ATombstoneIsDropped", std::nullopt, ""},
        {"AnEmptyValueIsADeadLetter", "", "decode empty"},
        {"MalformedJsonIsADeadLetter", "{\"title\":", "decode malformed_json"},
        {"InvalidUtf8IsADeadLetter", "{\"title\":\"\xff\"}", "decode invalid_utf8"},
        {"AWrongTypeIsADeadLetter", R"({"title":7})", "decode wrong_type"},
        {"NoTextIsADeadLetter", "{}", "decode missing_field"},
        {"ALargeOneIsADeadLetter", std::string(2 << 20, ' '), "decode too_large"},
        {"ADeepOneIsADeadLetter", std::string(10'000, '[') + std::string(10'000, ']'),
         "decode too_deep"},
        {"AFailedScanIsADeadLetterNotNothing",
         R"({"title":"A truce","body":")" + std::string(64, 'x') + R"(y"})", "match scan_failed"},
    }),
    [](const auto& tested) { return tested.param.name; });

struct TombstoneCase {
  std::string name;
  OnTombstone on_tombstone;
  std::set<Trace> acknowledged;
};

class TombstoneTest : public WorkerTest, public testing::WithParamInterface<TombstoneCase> {};

TEST_P(TombstoneTest, IsDealtWithAsAskedFor) {
  FakeKafka kafka({{0, std::nullopt}});
  FakeSource source(&kafka);
  articles_.on_tombstone = GetParam().on_tombstone;
  ASSERT_TRUE(Run(&source, &kafka).ok());
  EXPECT_EQ(kafka.Acknowledged(), GetParam().acknowledged);
  EXPECT_EQ(kafka.committed[0], 1);
}

INSTANTIATE_TEST_SUITE_P(
    Tombstones, TombstoneTest,
    testing::ValuesIn<TombstoneCase>({
        {"Dropped", OnTombstone::kDrop, {}},
        {"Passed", OnTombstone::kPass, {{0, 0, "news.ceasefire"}}},
        {"ADeadLetter", OnTombstone::kDeadLetter, {{0, 0, "decode tombstone"}}},
    }),
    [](const auto& tested) { return tested.param.name; });

TEST_F(WorkerTest, OnErrorStopEndsTheWorkerAtTheBadRecordAndNamesIt) {
  FakeKafka kafka({{0, kTruce}, {0, "broken"}, {0, kTruce}});
  FakeSource source(&kafka, /*batch_max=*/1);
  articles_.on_error = OnError::kStop;
  const absl::Status status = Run(&source, &kafka, {.commit_records_max = 1});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("news.raw[0] offset 1: malformed_json"), absl::string_view::npos)
      << status;
  EXPECT_EQ(kafka.committed[0], 1) << "what came before is done";
}

TEST_F(WorkerTest, OnErrorStopCommitsWhatCameBeforeTheBadRecord) {
  FakeKafka kafka({{0, kTruce}, {0, "broken"}, {0, kTruce}});
  FakeSource source(&kafka);
  articles_.on_error = OnError::kStop;
  EXPECT_EQ(Run(&source, &kafka).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(kafka.Acknowledged(), (std::set<Trace>{{0, 0, "news.ceasefire"}}));
  EXPECT_EQ(kafka.committed[0], 1);
}

TEST_F(WorkerTest, OnErrorStopCommitsNothingOfARecordThatIsHalfDone) {
  MappingSpec spec{.name = "list", .articles = {*ParseSelector("/list/*")}};
  spec.Of(MappedField::kTitle) = {{.selectors = {*ParseSelector("/title")}}};
  articles_.mapping = *Mapping::Compile(std::move(spec));
  articles_.on_error = OnError::kStop;
  const std::string good = std::string(R"({"list":[)") + kTruce + "]}";
  const std::string bad_behind_good = std::string(R"({"list":[)") + kTruce + R"(,{"title":7}]})";
  FakeKafka kafka({{0, good}, {0, bad_behind_good}});
  for (int restart = 0; restart < 2; ++restart) {
    FakeSource source(&kafka);
    EXPECT_EQ(Run(&source, &kafka).code(), absl::StatusCode::kDataLoss);
    kafka.unacknowledged.clear();  // as of a transaction that nobody commits
  }
  EXPECT_EQ(kafka.Acknowledged(), (std::set<Trace>{}));
  EXPECT_EQ(kafka.committed[0], 0);
}

TEST_F(WorkerTest, WhatIsTooLargeForOurProducerComesOutSmaller) {
  const std::string padding(2000, 'x');
  FakeKafka kafka(
      {{0, R"({"title":"A truce","n":")" + padding + "\"}"}, {0, "broken" + padding}, {0, kTruce}});
  kafka.value_bytes_max = 1000;
  FakeSource source(&kafka);
  ASSERT_TRUE(Run(&source, &kafka).ok());
  EXPECT_EQ(kafka.Acknowledged(), (std::set<Trace>{{0, 0, "news.ceasefire"},
                                                   {0, 1, "pointer decode malformed_json"},
                                                   {0, 2, "news.ceasefire"}}));
}

TEST_F(WorkerTest, ALoneSurrogateIsCounted) {
  FakeKafka kafka({{0, R"({"title":"A \ud800 truce"})"}});
  FakeSource source(&kafka);
  ASSERT_TRUE(Run(&source, &kafka).ok());
  EXPECT_EQ(counters_.surrogates_replaced.value(), 1U);
  EXPECT_EQ(kafka.Acknowledged(), (std::set<Trace>{{0, 0, "news.ceasefire"}}));
}

std::vector<FakeRecord> ManyRecords() {
  std::vector<FakeRecord> records;
  for (int i = 0; i < 20; ++i) {
    records.push_back({0, i % 3 == 0 ? kNothing : kTruce});
    records.push_back({1, i % 5 == 0 ? "broken" : kTruce});
  }
  return records;
}

std::set<Trace> EverythingOf(const FakeKafka& kafka) {
  std::set<Trace> all;
  for (const auto& [partition, values] : kafka.log) {
    for (size_t offset = 0; offset < values.size(); ++offset) {
      if (values[offset] == kTruce)
        all.insert({partition, static_cast<int64_t>(offset), "news.ceasefire"});
      if (values[offset] == "broken") {
        all.insert({partition, static_cast<int64_t>(offset), "decode malformed_json"});
      }
    }
  }
  return all;
}

struct FailureCase {
  std::string name;
  std::vector<LoopStep> fail;
};

class FailureTest : public WorkerTest, public testing::WithParamInterface<FailureCase> {};

TEST_P(FailureTest, LosesNothing) {
  FakeKafka kafka(ManyRecords());
  kafka.fail = GetParam().fail;
  FakeSource source(&kafka);
  ASSERT_TRUE(Run(&source, &kafka, {.commit_records_max = 4}).ok());
  EXPECT_EQ(kafka.Acknowledged(), EverythingOf(kafka));
  EXPECT_EQ(kafka.committed, (std::map<int32_t, int64_t>{{0, 20}, {1, 20}}));
  EXPECT_EQ(source.rewinds(), static_cast<int>(GetParam().fail.size()));
  EXPECT_TRUE(kafka.fail.empty()) << "a failure was never reached";
}

INSTANTIATE_TEST_SUITE_P(Steps, FailureTest,
                         testing::ValuesIn<FailureCase>({
                             {"WhilePublishing", {LoopStep::kPublish}},
                             {"BeforeAcknowledgement", {LoopStep::kAcknowledge}},
                             {"BeforeOffsetsAreStored", {LoopStep::kCommitOffsets}},
                             {"AfterOffsetsAreStored", {LoopStep::kAfterCommitOffsets}},
                             {"AgainAndAgain",
                              {LoopStep::kPublish, LoopStep::kAcknowledge, LoopStep::kAcknowledge,
                               LoopStep::kCommitOffsets, LoopStep::kAfterCommitOffsets,
                               LoopStep::kPublish, LoopStep::kCommitOffsets}},
                         }),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(WorkerTest, AnErrorOfTheSourceEndsTheWorkerAndTheNextOneResumes) {
  FakeKafka kafka(ManyRecords());
  FakeSource first(&kafka);
  kafka.fail = {LoopStep::kAcknowledge, LoopStep::kPoll};
  EXPECT_EQ(Run(&first, &kafka, {.commit_records_max = 4}).code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(first.closed());
  FakeSource second(&kafka);
  ASSERT_TRUE(Run(&second, &kafka).ok());
  EXPECT_EQ(kafka.Acknowledged(), EverythingOf(kafka));
}

TEST_F(WorkerTest, WithoutAcknowledgementsNoOffsetIsEverCommitted) {
  FakeKafka kafka({{0, kTruce}, {0, kTruce}});
  kafka.corked = true;
  FakeSource source(&kafka);
  std::stop_source stop;
  std::jthread stopper([&] {
    while (counters_.rewinds.value() < 3) std::this_thread::yield();
    stop.request_stop();
  });
  const absl::Status status = Run(&source, &kafka, {.commit_records_max = 1}, stop.get_token());
  // The stop found either nothing done since the last rewind, or something that cannot be
  // committed.
  EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
  EXPECT_EQ(kafka.committed[0], 0);
  EXPECT_TRUE(kafka.acknowledged.empty());
}

struct RevocationCase {
  std::string name;
  Revocation revocation;
  std::set<Trace> acknowledged;
};

class RevocationTest : public WorkerTest, public testing::WithParamInterface<RevocationCase> {};

TEST_P(RevocationTest, DecidesWhetherWhatIsDoneIsCommitted) {
  FakeKafka kafka({{0, kTruce}, {0, kTruce}});
  FakeSource source(&kafka, /*batch_max=*/1);
  // Nothing is due before the second poll, in which the partition is taken away.
  source.RevokeAfterPolls(1, GetParam().revocation);
  ASSERT_TRUE(Run(&source, &kafka, {.commit_interval = std::chrono::hours(1)}).ok());
  EXPECT_EQ(kafka.Acknowledged(), GetParam().acknowledged);
  EXPECT_EQ(source.rewinds(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Revocations, RevocationTest,
    testing::ValuesIn<RevocationCase>({
        {"InOrderItIs", Revocation::kInOrder, {{0, 0, "news.ceasefire"}, {0, 1, "news.ceasefire"}}},
        {"LostItIsNot", Revocation::kLost, {{0, 1, "news.ceasefire"}}},
    }),
    [](const auto& tested) { return tested.param.name; });

TEST_F(WorkerTest, AStopDrainsAndCommits) {
  FakeKafka kafka(ManyRecords());
  FakeSource source(&kafka);
  source.MakeEndless();
  std::stop_source stop;
  std::jthread stopper([&] {
    while (counters_.consumed.Total() < 40) std::this_thread::yield();
    stop.request_stop();
  });
  const WorkerOptions options{.commit_interval = std::chrono::hours(1)};
  ASSERT_TRUE(Run(&source, &kafka, options, stop.get_token()).ok());
  EXPECT_EQ(kafka.Acknowledged(), EverythingOf(kafka));
  EXPECT_EQ(kafka.committed, (std::map<int32_t, int64_t>{{0, 20}, {1, 20}}));
  EXPECT_TRUE(source.closed());
}

TEST_F(WorkerTest, WorkersShareOnlyTheRulesWhileOthersReadTheirCounters) {
  struct Member {
    FakeKafka kafka{ManyRecords()};
    Counters counters;
    absl::Status status;
  };
  std::vector<Member> members(4);
  std::atomic<bool> done = false;
  std::jthread reader([&] {
    while (!done) {
      for (const Member& member : members) {
        const uint64_t dead_lettered = member.counters.dead_lettered.Total();
        EXPECT_LE(dead_lettered, member.counters.consumed.Total());
      }
    }
  });
  {
    std::vector<std::jthread> threads;
    threads.reserve(members.size());
    for (Member& member : members) {
      threads.emplace_back([&member, this] {
        FakeSource source(&member.kafka);
        FakeSink sink(&member.kafka);
        auto matcher = Matcher::Create(rule_set_, &member.counters);
        ASSERT_TRUE(matcher.ok());
        Worker worker({}, &source, &sink,
                      std::make_unique<ArticleHandler>(
                          ArticleOptions{}, &sink,
                          RuleUse{*std::move(matcher), Encoder(rule_set_, {})}, &member.counters),
                      &member.counters);
        member.status = worker.Run({});
      });
    }
  }
  done = true;
  for (const Member& member : members) {
    EXPECT_TRUE(member.status.ok()) << member.status;
    EXPECT_EQ(member.kafka.Acknowledged(), EverythingOf(member.kafka));
  }
}

}  // namespace
}  // namespace tocsin
