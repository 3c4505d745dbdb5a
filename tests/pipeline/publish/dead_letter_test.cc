#include "pipeline/publish/dead_letter.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {
namespace {

TEST(DeadLetter, KeepsTheRecordAndSaysWhyAsKafkaConnectDoes) {
  const std::string value("\0\xFF{", 3);
  const std::vector<Header> headers = {
      {"trace", "1"}, {"trace", std::nullopt}, {"ce_id", ""}, {"content-type", "text/plain"}};
  const Record record{.kafka_topic = "news.raw",
                      .partition = 3,
                      .offset = 9'000'000'000,
                      .key = "k",
                      .value = value,
                      .headers = Headers(headers),
                      .timestamp_ms = 1'700'000'000'123};
  const DeadLetter why{.stage = "decode",
                       .reason = "malformed_json",
                       .message = "malformed JSON at byte 0",
                       .task_id = 2};

  const OutputRecord letter = EncodeDeadLetter(record, why, "news.dead");

  EXPECT_EQ(letter.kafka_topic, "news.dead");
  EXPECT_EQ(letter.key, "k");
  EXPECT_EQ(letter.value, value);
  EXPECT_EQ(letter.timestamp_ms, 1'700'000'000'123);
  const std::vector<OutputHeader> want = {
      {"trace", "1"},
      {"trace", std::nullopt},
      {"ce_id", ""},
      {"content-type", "text/plain"},
      {"__connect.errors.topic", "news.raw"},
      {"__connect.errors.partition", "3"},
      {"__connect.errors.offset", "9000000000"},
      {"__connect.errors.connector.name", "tocsin"},
      {"__connect.errors.task.id", "2"},
      {"__connect.errors.stage", "decode"},
      {"__connect.errors.class.name", "tocsin::Decoder"},
      {"__connect.errors.exception.class.name", "malformed_json"},
      {"__connect.errors.exception.message", "malformed JSON at byte 0"},
  };
  EXPECT_EQ(letter.headers, want);
}

TEST(DeadLetter, NullStaysApartFromEmpty) {
  const DeadLetter why{.stage = "match", .reason = "internal", .message = "scan failed"};
  const OutputRecord null = EncodeDeadLetter({}, why, "news.dead");
  EXPECT_EQ(null.key, std::nullopt);
  EXPECT_EQ(null.value, std::nullopt);
  const OutputRecord empty =
      EncodeDeadLetter({.key = std::string_view(), .value = std::string_view()}, why, "news.dead");
  EXPECT_EQ(empty.key, "");
  EXPECT_EQ(empty.value, "");
}

TEST(DeadLetter, APointerSaysWhereTheRecordIsAndWhatItsBytesWere) {
  const std::vector<Header> headers = {{"trace", "1"}};
  const Record record{.kafka_topic = "news.raw",
                      .partition = 3,
                      .offset = 17,
                      .key = "k",
                      .value = "abc",
                      .headers = Headers(headers),
                      .timestamp_ms = 4'000'000'000'000};
  const OutputRecord letter = EncodeDeadLetter(
      record, {.stage = "publish", .reason = "refused", .message = "m", .is_pointer = true},
      "dead");
  EXPECT_EQ(letter.key, std::nullopt);
  EXPECT_EQ(letter.value, std::nullopt);
  EXPECT_EQ(letter.timestamp_ms, -1) << "the producer's own time";
  EXPECT_EQ(letter.headers.front(), (OutputHeader{"__connect.errors.topic", "news.raw"}));
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(letter.headers.back(),
            (OutputHeader{"__connect.errors.tocsin.value.sha256",
                          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}));
}

}  // namespace
}  // namespace tocsin
