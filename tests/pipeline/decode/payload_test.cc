#include "pipeline/decode/payload.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>

#include "pipeline/decode/bad_record.h"
#include "tests/pipeline/decode/peak_memory.h"

namespace tocsin {
namespace {

using testing::TestWithParam;
using testing::ValuesIn;
using std::string_literals::operator""s;

const auto kCaseName = [](const auto& test) { return test.param.name; };

constexpr PayloadLimits kSmall{.bytes_max = 4096};
const std::string kJson = R"({"title":"ceasefire ✓"})";

// `text`, so many times, as one member.
std::string Gzip(std::string_view text, int times = 1) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(size_t{1} << 20, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  for (int left = times; left > 0; --left) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    deflate(&stream, left > 1 ? Z_NO_FLUSH : Z_FINISH);
    EXPECT_EQ(stream.avail_in, 0U);
  }
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// `text`, so many times, as one frame that does not tell its size.
std::string Zstd(std::string_view text, int window_log = 0, int times = 1) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::string out(size_t{1} << 20, '\0');
  ZSTD_outBuffer buffer = {out.data(), out.size(), 0};
  for (int left = times; left > 0; --left) {
    ZSTD_inBuffer in = {text.data(), text.size(), 0};
    while (in.pos < in.size) ZSTD_compressStream2(context, &buffer, &in, ZSTD_e_continue);
  }
  ZSTD_inBuffer nothing = {nullptr, 0, 0};
  EXPECT_EQ(ZSTD_compressStream2(context, &buffer, &nothing, ZSTD_e_end), 0U);
  ZSTD_freeCCtx(context);
  out.resize(buffer.pos);
  return out;
}

struct ReadCase {
  std::string name;
  std::string value;
  std::string encoding;
  std::string json;
};

class ReadTest : public TestWithParam<ReadCase> {};

TEST_P(ReadTest, GivesTheJsonText) {
  PayloadReader reader(kSmall);
  for (int round = 0; round < 2; ++round) {
    const auto json = reader.Read(GetParam().value, GetParam().encoding);
    ASSERT_TRUE(json.ok()) << json.status();
    EXPECT_EQ(*json, GetParam().json);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Encodings, ReadTest,
    ValuesIn<ReadCase>({
        {"NoHeader", kJson, "", kJson},
        {"Identity", kJson, "Identity", kJson},
        {"NoBytes", "", "", ""},
        {"Gzip", Gzip(kJson), "gzip", kJson},
        {"GzipOfOldName", Gzip(kJson), "x-gzip", kJson},
        {"CaseAndSpaceAround", Gzip(kJson), " GZip\t", kJson},
        {"GzipOfTwoMembers", Gzip(kJson.substr(0, 9)) + Gzip(kJson.substr(9)), "gzip", kJson},
        {"GzipOfNothing", Gzip(""), "gzip", ""},
        {"GzipAtTheLimit", Gzip(std::string(4096, ' ')), "gzip", std::string(4096, ' ')},
        {"Zstd", Zstd(kJson), "zstd", kJson},
        {"ZstdOfTwoFrames", Zstd(kJson.substr(0, 9)) + Zstd(kJson.substr(9)), "zstd", kJson},
        {"ZstdBehindASkippableFrame", "\x50\x2A\x4D\x18\x03\0\0\0abc"s + Zstd(kJson), "zstd",
         kJson},
        {"ZstdAtTheLimit", Zstd(std::string(4096, ' ')), "zstd", std::string(4096, ' ')},
        {"ZstdOfTheWidestWindow", Zstd(kJson, 23), "zstd", kJson},
    }),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Marks, ReadTest,
    ValuesIn<ReadCase>({
        {"ByteOrderMark", "\xEF\xBB\xBF" + kJson, "", kJson},
        {"ByteOrderMarkCompressed", Gzip("\xEF\xBB\xBF" + kJson), "gzip", kJson},
        {"SequenceOfOne", "\x1E" + kJson + "\n", "", kJson + "\n"},
        {"SequenceOfOneWithoutItsLineFeed", "\x1E" + kJson, "", kJson},
        {"SequenceOfOneCompressed", Zstd("\x1E" + kJson + "\n"), "zstd", kJson + "\n"},
        {"MarksAreTakenOffOnce", "\xEF\xBB\xBF\xEF\xBB\xBF", "", "\xEF\xBB\xBF"},
        {"SeparatorWithinIsForTheDecoder", "{\x1E}", "", "{\x1E}"},
    }),
    kCaseName);

struct RefusedCase {
  std::string name;
  std::string value;
  std::string encoding;
  BadRecord reason;
  std::string message;
};

class RefusedPayload : public TestWithParam<RefusedCase> {};

TEST_P(RefusedPayload, IsRefusedWithItsReasonAndTheReaderStaysUsable) {
  PayloadReader reader(kSmall);
  const auto json = reader.Read(GetParam().value, GetParam().encoding);
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonName(ReasonOf(json.status())), ReasonName(GetParam().reason));
  EXPECT_NE(json.status().message().find(GetParam().message), std::string::npos) << json.status();
  for (const auto& [value, encoding] : {std::pair(Gzip(kJson), "gzip"), {Zstd(kJson), "zstd"}}) {
    const auto next = reader.Read(value, encoding);
    ASSERT_TRUE(next.ok()) << next.status();
    EXPECT_EQ(*next, kJson);
  }
}

std::string Damaged(std::string bytes, size_t at) {
  bytes[at] ^= 0x55;
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, RefusedPayload,
    ValuesIn<RefusedCase>({
        {"TooLarge", std::string(4097, 'x'), "", BadRecord::kTooLarge,
         "over the limit of 4096 bytes"},
        {"GzipOneByteBeyondTheLimit", Gzip(std::string(4097, ' ')), "gzip", BadRecord::kTooLarge,
         "over the limit of 4096 bytes when decompressed"},
        {"GzipMembersBeyondTheLimit", Gzip(std::string(4096, ' ')) + Gzip(" "), "gzip",
         BadRecord::kTooLarge, "over the limit of 4096 bytes when decompressed"},
        {"ZstdOneByteBeyondTheLimit", Zstd(std::string(4097, ' ')), "zstd", BadRecord::kTooLarge,
         "over the limit of 4096 bytes when decompressed"},
        {"GzipBomb", Gzip(std::string(2'000'000, ' ')), "gzip", BadRecord::kTooLarge,
         "over the limit of 4096 bytes when decompressed"},
        {"Unknown", kJson, "br", BadRecord::kBadEncoding,
         "content-encoding `br` is not read, only gzip, zstd and identity"},
        {"Deflate", kJson, "deflate", BadRecord::kBadEncoding, "content-encoding `deflate`"},
        {"UnprintableName", kJson, "g\x01\xFFzip", BadRecord::kBadEncoding, "`g??zip`"},
        {"LongName", kJson, std::string(1000, 'x'), BadRecord::kBadEncoding,
         "`" + std::string(64, 'x') + "` is"},
        {"List", kJson, "gzip, zstd", BadRecord::kBadEncoding,
         "content-encoding `gzip, zstd`: encodings one inside the other are not read"},
        {"GzipUntold", Gzip(kJson), "", BadRecord::kBadEncoding, "without a header"},
        {"ZstdUntold", Zstd(kJson), "identity", BadRecord::kBadEncoding, "without a header"},
        {"NoGzip", kJson, "gzip", BadRecord::kBadEncoding, "not gzip data"},
        {"NoGzipBytes", "", "gzip", BadRecord::kBadEncoding, "no gzip data"},
        {"GzipCutOff", Gzip(kJson).substr(0, 20), "gzip", BadRecord::kBadEncoding,
         "gzip data cut off"},
        {"GzipChecksumCutOff", Gzip(kJson).substr(0, Gzip(kJson).size() - 1), "gzip",
         BadRecord::kBadEncoding, "gzip data cut off"},
        {"GzipDamaged", Damaged(Gzip(kJson), Gzip(kJson).size() - 6), "gzip",
         BadRecord::kBadEncoding, "gzip data damaged: incorrect data check"},
        {"BytesBehindGzip", Gzip(kJson) + "x", "gzip", BadRecord::kBadEncoding,
         "bytes behind the gzip data"},
        {"NoZstd", kJson, "zstd", BadRecord::kBadEncoding, "zstd data damaged at byte 0"},
        {"NoZstdBytes", "", "zstd", BadRecord::kBadEncoding, "no zstd data"},
        {"ZstdCutOff", Zstd(kJson).substr(0, 12), "zstd", BadRecord::kBadEncoding,
         "zstd data cut off"},
        {"BytesBehindZstd", Zstd(kJson) + "garbage", "zstd", BadRecord::kBadEncoding,
         "zstd data damaged"},
        {"ZstdWindowTooWide", Zstd(kJson, 24), "zstd", BadRecord::kBadEncoding,
         "zstd data damaged"},
        {"Utf16LittleEndian", "\xFF\xFE{\0"s, "", BadRecord::kBadEncoding, "UTF-16"},
        {"Utf16BigEndian", "\xFE\xFF\0{"s, "", BadRecord::kBadEncoding, "UTF-16"},
        {"Utf32", "\xFF\xFE\0\0{\0\0\0"s, "", BadRecord::kBadEncoding, "UTF-32"},
        {"Utf16Compressed", Gzip("\xFE\xFF\0{"s), "gzip", BadRecord::kBadEncoding, "UTF-16"},
        {"SequenceOfTwo", "\x1E{}\n\x1E{}\n", "", BadRecord::kBadEncoding,
         "a JSON text sequence of more than one text"},
    }),
    kCaseName);

TEST(PayloadReader, WhatIsNotCompressedIsNotCopied) {
  PayloadReader reader(kSmall);
  const auto json = reader.Read(kJson, "");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->data(), kJson.data());
}

TEST(PayloadReader, ABombOfAnyRatioTakesNoMoreMemoryThanTheLimit) {
  constexpr size_t kMegabyte = size_t{1} << 20;
  const std::string zeros(kMegabyte, '\0');
  const std::string gzip = Gzip(zeros, 256);
  const std::string zstd = Zstd(zeros, 23, 256);
  PayloadReader reader({.bytes_max = kMegabyte});
  const int64_t kib = PeakKibOf([&] {
    EXPECT_EQ(ReasonOf(reader.Read(gzip, "gzip").status()), BadRecord::kTooLarge);
    EXPECT_EQ(ReasonOf(reader.Read(zstd, "zstd").status()), BadRecord::kTooLarge);
  });
  EXPECT_LE(reader.capacity_bytes(), kMegabyte + 1);
  EXPECT_LE(kib, 16 * 1024);
}

TEST(PayloadReader, GivesBackTheBufferOfABigValueAfterManySmallOnes) {
  PayloadReader reader({.bytes_max = size_t{8} << 20});
  const std::string big = Gzip(std::string(size_t{5} << 20, 'x'));
  ASSERT_TRUE(reader.Read(big, "gzip").ok());
  EXPECT_GE(reader.capacity_bytes(), size_t{5} << 20);
  for (int i = 0; i <= PayloadReader::kSmallBeforeShrink; ++i) {
    ASSERT_TRUE(reader.Read(kJson, "").ok());
  }
  EXPECT_LE(reader.capacity_bytes(), PayloadReader::kBytesKept);
  ASSERT_TRUE(reader.Read(big, "gzip").ok());
}

}  // namespace
}  // namespace tocsin
