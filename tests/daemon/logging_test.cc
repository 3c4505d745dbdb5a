#include "daemon/logging.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pipeline/log.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::chrono::system_clock::time_point kBegin{seconds(1'700'000'000)};

LogLine Line(std::string message, std::chrono::system_clock::duration after = seconds(0)) {
  return {.time = kBegin + after, .message = std::move(message), .fields = {}};
}

TEST(LoggingTest, TheFieldsBehindAMessageComeApart) {
  const LogLine line = ParseLogLine(fmt::format(
      "dead letter: malformed{}",
      log::About{
          .event = log::kDeadLetter, .kafka_topic = "news.raw", .partition = 3, .offset = 42}));
  EXPECT_EQ(line.message, "dead letter: malformed");
  const std::vector<std::pair<std::string, std::string>> want = {
      {"MESSAGE_ID", std::string(log::kDeadLetter)},
      {"TOPIC", "news.raw"},
      {"PARTITION", "3"},
      {"OFFSET", "42"}};
  EXPECT_EQ(line.fields, want);
}

TEST(LoggingTest, ALineAboutNothingHasNoFields) {
  EXPECT_EQ(fmt::format("x{}", log::About{}), "x");
  EXPECT_TRUE(ParseLogLine("assigned news.raw[0] = all").fields.empty());
}

TEST(LoggingTest, JsonIsOneObjectALine) {
  LogLine line = Line("a \"quoted\"\nline\\", milliseconds(7));
  line.level = spdlog::level::warn;
  line.fields = {{"TOPIC", "news.raw"}, {"OFFSET", "42"}};
  EXPECT_EQ(JsonLine(line), R"({"time":"2023-11-14T22:13:20.007Z","level":"warning",)"
                            R"("message":"a \"quoted\"\nline\\",)"
                            R"("TOPIC":"news.raw","OFFSET":42})");
}

TEST(LoggingTest, TextIsForReading) {
  EXPECT_EQ(TextLine(Line("started")), "2023-11-14T22:13:20.000Z info started");
}

class RepeatLimitTest : public testing::Test {
 protected:
  std::vector<std::string> written_;
  RepeatLimit limit_{[this](const LogLine& line) { written_.push_back(line.message); }};
};

TEST_F(RepeatLimitTest, RepetitionsAreCountedAndTheLastIsShown) {
  for (int offset = 0; offset < 4721; ++offset) {
    limit_.Add(Line("dead letter at offset " + std::to_string(offset), milliseconds(offset)));
  }
  EXPECT_EQ(written_.size(), static_cast<size_t>(RepeatLimit::kRepeatedMax));
  limit_.Advance(kBegin + seconds(10));
  ASSERT_EQ(written_.size(), static_cast<size_t>(RepeatLimit::kRepeatedMax) + 1);
  EXPECT_EQ(written_.back(), "dead letter at offset 4720 (repeated 4711 times in 10 s)");
}

TEST_F(RepeatLimitTest, OtherLinesPassMeanwhileAndAfterwardsAllDo) {
  for (int i = 0; i < 100; ++i) limit_.Add(Line("again"));
  limit_.Add(Line("something else"));
  EXPECT_EQ(written_.back(), "something else");
  limit_.Advance(kBegin + seconds(10));
  limit_.Add(Line("again", seconds(10)));
  EXPECT_EQ(written_.back(), "again");
}

TEST_F(RepeatLimitTest, ALineThatIsNotRepeatedIsNeverCounted) {
  limit_.Add(Line("once"));
  limit_.Advance(kBegin + seconds(10));
  EXPECT_EQ(written_, std::vector<std::string>{"once"});
}

}  // namespace
}  // namespace tocsin
