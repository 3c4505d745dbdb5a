#include "pipeline/consume/file_source.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/decode/decoder.h"

namespace tocsin {
namespace {

constexpr size_t kValueBytesMax = 16;

std::string WriteFile(const std::string& content) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    (std::string("file_source_test_") +
                     testing::UnitTest::GetInstance()->current_test_info()->name() + ".txt");
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

// Every value, at the place that its offset says.
std::vector<std::string> ReadAll(FileSource* source) {
  std::vector<std::string> values;
  RecordBatch batch;
  while (!source->exhausted()) {
    EXPECT_TRUE(source->Poll(std::chrono::milliseconds(20), &batch).ok());
    for (const Record& record : batch.records()) {
      EXPECT_EQ(record.offset, static_cast<int64_t>(values.size()));
      values.emplace_back(*record.value);
    }
  }
  return values;
}

struct LinesCase {
  std::string name;
  std::string content;
  std::vector<std::string> values;
};

class LinesTest : public testing::TestWithParam<LinesCase> {};

TEST_P(LinesTest, EachLineIsARecord) {
  const std::string path =
      std::filesystem::path(testing::TempDir()) / ("lines_" + GetParam().name + ".ndjson");
  std::ofstream(path, std::ios::binary) << GetParam().content;
  auto source = FileSource::Open({.path = path, .value_bytes_max = kValueBytesMax});
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ(ReadAll(source->get()), GetParam().values);
}

INSTANTIATE_TEST_SUITE_P(
    Files, LinesTest,
    testing::ValuesIn<LinesCase>({
        {"NothingHoldsNoRecord", "", {}},
        {"ALastLineNeedsNoLineFeed", "a\nb", {"a", "b"}},
        {"AFinalLineFeedAddsNoRecord", "a\nb\n", {"a", "b"}},
        {"AnEmptyLineIsAnEmptyValue", "a\n\nb\n", {"a", "", "b"}},
        {"OnlyALineFeed", "\n", {""}},
        {"BytesAreKeptAsTheyAre", std::string("\0\xff\r\n", 4), {std::string("\0\xff\r", 3)}},
        {"TheLongestLineIsWhole", std::string(16, 'a') + "\nb\n", {std::string(16, 'a'), "b"}},
        {"OfALongerLineOneByteMoreIsKept",
         std::string(99, 'a') + "\nb\n",
         {std::string(17, 'a'), "b"}},
        {"ALongLastLine", "b\n" + std::string(99, 'a'), {"b", std::string(17, 'a')}},
    }),
    [](const auto& tested) { return tested.param.name; });

TEST(FileSourceTest, AHundredMegabyteLineIsOneTooLargeRecordInBoundedMemory) {
  const std::string path = WriteFile("");
  {
    std::ofstream file(path, std::ios::binary);
    const std::string block(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) file << block;
    file << "\n{\"title\":\"b\"}\n";
  }
  constexpr size_t kMax = size_t{1} << 20;
  auto source = FileSource::Open({.path = path, .value_bytes_max = kMax});
  ASSERT_TRUE(source.ok());
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const std::vector<std::string> values = ReadAll(source->get());
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  std::filesystem::remove(path);
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0].size(), kMax + 1);
  EXPECT_EQ(values[1], R"({"title":"b"})");
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 30 << 10) << "KiB grown";
  Decoder decoder({.bytes_max = kMax});
  EXPECT_EQ(ReasonOf(decoder.Decode(values[0]).status()), BadRecord::kTooLarge);
}

TEST(FileSourceTest, ALineThatComesInPiecesIsOneRecord) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto source = FileSource::Open({.path = "/dev/fd/" + std::to_string(ends[0])});
  ASSERT_TRUE(source.ok()) << source.status();
  std::jthread writer([&] {
    for (const char c : std::string("one\ntwo\n")) ASSERT_EQ(write(ends[1], &c, 1), 1);
    close(ends[1]);
  });
  EXPECT_EQ(ReadAll(source->get()), (std::vector<std::string>{"one", "two"}));
  close(ends[0]);
}

TEST(FileSourceTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(FileSource::Open({.path = "/nonexistent"}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(FileSourceTest, ADirectoryIsAnErrorNotAnEmptyStream) {
  auto source = FileSource::Open({.path = testing::TempDir()});
  ASSERT_TRUE(source.ok());
  RecordBatch batch;
  EXPECT_FALSE((*source)->Poll(std::chrono::milliseconds(20), &batch).ok());
}

TEST(FileSourceTest, APlainTextIsOneArticle) {
  const std::string path = WriteFile("The \"title\"\r\nFirst\tline.\n\nÜber\x01\\ last.");
  auto source = FileSource::Open({.path = path, .format = FileSourceOptions::Format::kText});
  ASSERT_TRUE(source.ok());
  const std::vector<std::string> values = ReadAll(source->get());
  ASSERT_EQ(values.size(), 1U);
  Decoder decoder({});
  const auto article = decoder.Decode(values[0]);
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->document.title, "The \"title\"");
  EXPECT_EQ((*article)->document.body, "First\tline.\n\nÜber\x01\\ last.");
}

TEST(FileSourceTest, AnEmptyTextIsABadRecord) {
  auto source =
      FileSource::Open({.path = WriteFile(""), .format = FileSourceOptions::Format::kText});
  ASSERT_TRUE(source.ok());
  const std::vector<std::string> values = ReadAll(source->get());
  ASSERT_EQ(values.size(), 1U);
  Decoder decoder({});
  EXPECT_EQ(ReasonOf(decoder.Decode(values[0]).status()), BadRecord::kMissingField);
}

}  // namespace
}  // namespace tocsin
