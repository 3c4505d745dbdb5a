#include "pipeline/publish/transaction.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <string>
#include <utility>
#include <vector>

namespace tocsin {
namespace {

using State = Transaction::State;
using Verdict = TransactionReply::Verdict;

// Answers each call with the next verdict planned for it, else with done; writes the calls down.
class ScriptedClient final : public TransactionClient {
 public:
  std::vector<std::pair<std::string, Verdict>> plan;
  std::string calls;
  bool disturbed = false;

  TransactionReply Init() override { return Answer("init"); }
  TransactionReply Begin() override { return Answer("begin"); }
  TransactionReply SendOffsets(const Offsets& /*next*/,
                               const GroupMembership& /*membership*/) override {
    return Answer("offsets");
  }
  TransactionReply End() override { return Answer("end"); }
  TransactionReply Abort() override { return Answer("abort"); }
  TransactionReply Replace() override { return Answer("replace"); }
  bool TakeDisturbance() override { return std::exchange(disturbed, false); }

 private:
  TransactionReply Answer(const std::string& call) {
    calls += call + " ";
    if (plan.empty() || plan.front().first != call) return {};
    const Verdict verdict = plan.front().second;
    plan.erase(plan.begin());
    return {.verdict = verdict, .message = "planned"};
  }
};

constexpr int32_t kGeneration = 3;

struct CommitCase {
  std::string name;
  std::vector<std::pair<std::string, Verdict>> plan;
  absl::StatusCode code;
  State state;
  std::string calls;  // of the commit, then of an Abort
};

class CommitTest : public testing::TestWithParam<CommitCase> {};

TEST_P(CommitTest, LeavesNoDoubtBehind) {
  ScriptedClient client;
  Transaction transaction(&client, "id");
  ASSERT_TRUE(transaction.Prepare().ok());
  ASSERT_TRUE(transaction.Begin().ok());
  client.calls.clear();
  client.plan = GetParam().plan;
  const absl::Status status =
      transaction.Commit({}, {.generation = kGeneration, .member_id = "m", .metadata = ""});
  EXPECT_EQ(status.code(), GetParam().code) << status;
  EXPECT_EQ(transaction.state(), GetParam().state);
  static_cast<void>(transaction.Abort());
  EXPECT_EQ(client.calls, GetParam().calls);
  EXPECT_TRUE(client.plan.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Replies, CommitTest,
    testing::ValuesIn<CommitCase>({
        {"Done", {}, absl::StatusCode::kOk, State::kReady, "offsets end "},
        {"ARetriableErrorRepeatsTheSameCall",
         {{"offsets", Verdict::kAgain}, {"end", Verdict::kAgain}},
         absl::StatusCode::kOk,
         State::kReady,
         "offsets offsets end end "},
        {"OffsetsRefusedAreAborted",
         {{"offsets", Verdict::kAbort}},
         absl::StatusCode::kAborted,
         State::kOpen,
         "offsets abort "},
        {"OffsetsInDoubtReplaceTheProducer",
         {{"offsets", Verdict::kBroken}},
         absl::StatusCode::kAborted,
         State::kInDoubt,
         "offsets replace init "},
        {"OnceTheEndWasAskedForNothingIsEverAborted",
         {{"end", Verdict::kAbort}},
         absl::StatusCode::kAborted,
         State::kInDoubt,
         "offsets end replace init "},
        {"AnEndWithoutAnswerReplacesTheProducer",
         {{"end", Verdict::kAgain}, {"end", Verdict::kAgain}, {"end", Verdict::kAgain}},
         absl::StatusCode::kAborted,
         State::kInDoubt,
         "offsets end end end replace init "},
        {"FencedIsTheEnd",
         {{"end", Verdict::kFenced}},
         absl::StatusCode::kUnavailable,
         State::kFenced,
         "offsets end "},
        {"ARightNeverHadIsAMistake",
         {{"offsets", Verdict::kDenied}},
         absl::StatusCode::kPermissionDenied,
         State::kInDoubt,
         "offsets replace init "},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(TransactionTest, ADisturbedSuccessReplacesTheProducerBeforeTheNextTransaction) {
  ScriptedClient client;
  Transaction transaction(&client, "id");
  ASSERT_TRUE(transaction.Begin().ok());
  client.disturbed = true;
  ASSERT_TRUE(transaction.Commit({}, {.generation = 1, .member_id = "m", .metadata = ""}).ok());
  ASSERT_TRUE(transaction.Begin().ok());
  EXPECT_EQ(client.calls, "init begin offsets end replace init begin ");
}

TEST(TransactionTest, ADistrustedProducerIsReplacedInsteadOfAborting) {
  ScriptedClient client;
  Transaction transaction(&client, "id");
  ASSERT_TRUE(transaction.Begin().ok());
  transaction.Distrust();
  ASSERT_TRUE(transaction.Abort().ok());
  EXPECT_EQ(client.calls, "init begin replace init ");
}

TEST(TransactionTest, ARightTakenAwayLaterMayComeBack) {
  ScriptedClient client;
  Transaction transaction(&client, "id");
  const GroupMembership member{.generation = 1, .member_id = "m", .metadata = ""};
  ASSERT_TRUE(transaction.Commit({}, member).ok());
  client.plan = {{"offsets", Verdict::kDenied}};
  EXPECT_TRUE(absl::IsAborted(transaction.Commit({}, member)));
  ASSERT_TRUE(transaction.Abort().ok());
  EXPECT_TRUE(transaction.Commit({}, member).ok());
}

struct MembershipCase {
  std::string name;
  GroupMembership membership;
};

class MembershipTest : public testing::TestWithParam<MembershipCase> {};

// A broker takes offsets from nobody in particular without fencing.
TEST_P(MembershipTest, NobodysOffsetsAreNeverSent) {
  ScriptedClient client;
  Transaction transaction(&client, "id");
  EXPECT_TRUE(absl::IsAborted(transaction.Commit({}, GetParam().membership)));
  EXPECT_EQ(client.calls.find("offsets"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Nobodies, MembershipTest,
                         testing::ValuesIn<MembershipCase>({
                             {"NoGeneration", {.generation = -1, .member_id = "m", .metadata = ""}},
                             {"NoMemberId", {.generation = 1, .member_id = "", .metadata = ""}},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace tocsin
