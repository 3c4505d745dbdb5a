#include "pipeline/replay_handler.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

class RecordingSink final : public Sink {
 public:
  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& output) override {
    if (output.value && output.value->size() > 100) return absl::OutOfRangeError("too large");
    outputs.push_back(output);
    return absl::OkStatus();
  }
  absl::Status PublishDeadLetter(const Record& /*origin*/, const DeadLetter& /*why*/) override {
    return absl::InternalError("a replay makes no dead letters");
  }
  absl::Status Commit(Source& /*source*/, const Offsets& /*next*/) override {
    return absl::OkStatus();
  }
  absl::Status Abort() override { return absl::OkStatus(); }

  std::vector<OutputRecord> outputs;
};

class ReplayHandlerTest : public testing::Test {
 protected:
  ReplayOptions Options() {
    return {.partitions = {{"raw", 4}},
            .reason = {},
            .is_done = [this](const Record&, const std::string&) { return is_done_; },
            .read = [this](const Origin&) { return original_; }};
  }

  // Handles and commits one letter, made of a record of partition 3.
  std::map<Replay, uint64_t> Handle(ReplayOptions options, bool is_pointer = false,
                                    Remedy remedy = Remedy::kNone) {
    const std::vector<Header> own = {{"a", "1"}, {"__connect.errors.topic", "older"}, {"a", {}}};
    const Record record{.kafka_topic = kafka_topic_,
                        .partition = partition_,
                        .offset = 7,
                        .key = "k",
                        .value = value_,
                        .headers = Headers(own),
                        .timestamp_ms = 42};
    const OutputRecord letter = EncodeDeadLetter(
        record, {.stage = "decode", .reason = "bad", .message = "m", .is_pointer = is_pointer},
        "dead");
    std::vector<Header> headers;
    headers.reserve(letter.headers.size());
    for (const OutputHeader& each : letter.headers) headers.push_back({each.name, each.value});
    Record read{
        .kafka_topic = "dead", .headers = Headers(headers), .timestamp_ms = letter.timestamp_ms};
    if (letter.key) read.key = *letter.key;
    if (letter.value) read.value = *letter.value;
    ReplayHandler handler(std::move(options), &sink_);
    status_ = handler.Handle(read, remedy, "");
    EXPECT_TRUE(handler.replays().empty()) << "counted before it was committed";
    handler.Committed();
    return handler.replays();
  }

  static std::map<Replay, uint64_t> One(Fate fate, const std::string& kafka_topic = "raw") {
    return {{{.kafka_topic = kafka_topic, .reason = "bad", .fate = fate}, 1}};
  }

  std::string kafka_topic_ = "raw";
  int32_t partition_ = 3;
  std::optional<std::string> value_ = "v";
  absl::StatusOr<bool> is_done_ = false;
  absl::StatusOr<OutputRecord> original_ = absl::NotFoundError("gone");
  RecordingSink sink_;
  absl::Status status_;
};

TEST_F(ReplayHandlerTest, SendsTheRecordAsItWasToItsPartition) {
  EXPECT_EQ(Handle(Options()), One(Fate::kReplayed));
  ASSERT_EQ(sink_.outputs.size(), 1U);
  const OutputRecord& output = sink_.outputs[0];
  EXPECT_EQ(output.kafka_topic, "raw");
  EXPECT_EQ(output.partition, 3);
  EXPECT_EQ(output.key, "k");
  EXPECT_EQ(output.value, "v");
  EXPECT_EQ(output.timestamp_ms, 42);
  EXPECT_EQ(output.headers, (std::vector<OutputHeader>{{"a", "1"}, {"a", std::nullopt}}));
}

TEST_F(ReplayHandlerTest, LeavesThePartitionToTheKeyWhereItIsNoMore) {
  partition_ = 4;
  Handle(Options());
  ASSERT_EQ(sink_.outputs.size(), 1U);
  EXPECT_EQ(sink_.outputs[0].partition, -1);
}

TEST_F(ReplayHandlerTest, LeavesWhatIsNotOfAnInput) {
  kafka_topic_ = "other";
  EXPECT_EQ(Handle(Options()), One(Fate::kNoInput, "other"));
  EXPECT_TRUE(sink_.outputs.empty());
}

TEST_F(ReplayHandlerTest, PassesOverWhatItIsNotToLookAt) {
  ReplayOptions options = Options();
  options.input = "other";
  EXPECT_TRUE(Handle(options).empty());
  options.input = "raw";
  EXPECT_EQ(Handle(options), One(Fate::kReplayed));
  options.reason = "another";
  EXPECT_TRUE(Handle(options).empty());
}

TEST_F(ReplayHandlerTest, SendsTheOriginalOfAPointerOnlyIfItIsTheSame) {
  EXPECT_EQ(Handle(Options(), true), One(Fate::kGone));
  original_ = OutputRecord{.kafka_topic = "raw", .key = "k", .value = "other"};
  EXPECT_EQ(Handle(Options(), true), One(Fate::kChanged));
  EXPECT_TRUE(sink_.outputs.empty());
  original_->value = "v";
  EXPECT_EQ(Handle(Options(), true), One(Fate::kReplayed));
  ASSERT_EQ(sink_.outputs.size(), 1U);
  EXPECT_EQ(sink_.outputs[0].key, "k");
}

TEST_F(ReplayHandlerTest, TellsAPointerToATombstoneFromOneToNothing) {
  value_.reset();
  original_ = OutputRecord{.kafka_topic = "raw", .key = "k", .value = ""};
  EXPECT_EQ(Handle(Options(), true), One(Fate::kChanged));
  original_->value.reset();
  EXPECT_EQ(Handle(Options(), true), One(Fate::kReplayed));
}

TEST_F(ReplayHandlerTest, WaitsForAnOriginalThatCannotBeReadNow) {
  original_ = absl::UnavailableError("no leader");
  EXPECT_TRUE(Handle(Options(), true).empty());
  EXPECT_TRUE(absl::IsAborted(status_)) << status_;
}

TEST_F(ReplayHandlerTest, LeavesWhatIsTooLargeOrRefused) {
  EXPECT_EQ(Handle(Options(), false, Remedy::kTruncate), One(Fate::kRefused));
  value_ = std::string(101, 'x');
  EXPECT_EQ(Handle(Options()), One(Fate::kRefused));
  EXPECT_TRUE(status_.ok());
}

TEST_F(ReplayHandlerTest, PassesOverOtherReasonsAndWhatIsDoneAlready) {
  ReplayOptions options = Options();
  options.reason = "good";
  EXPECT_TRUE(Handle(std::move(options)).empty());
  is_done_ = true;
  EXPECT_TRUE(Handle(Options()).empty());
  EXPECT_TRUE(sink_.outputs.empty());
}

TEST_F(ReplayHandlerTest, CountsWhatHoldsNoLetterOnlyWhereAllAreAskedFor) {
  ReplayHandler all(Options(), &sink_);
  ASSERT_TRUE(all.Handle({.kafka_topic = "dead"}, Remedy::kNone, "").ok());
  all.Committed();
  ASSERT_EQ(all.replays().size(), 1U);
  EXPECT_EQ(all.replays().begin()->first.fate, Fate::kNoLetter);
}

TEST_F(ReplayHandlerTest, ForgetsWhatWasNotCommitted) {
  ReplayHandler handler(Options(), &sink_);
  ASSERT_TRUE(handler.Handle({.kafka_topic = "dead"}, Remedy::kNone, "").ok());
  handler.Forgotten();
  handler.Committed();
  EXPECT_TRUE(handler.replays().empty());
}

}  // namespace
}  // namespace tocsin
