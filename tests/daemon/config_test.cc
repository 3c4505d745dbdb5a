#include "daemon/config.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

constexpr char kLeast[] = "brokers: b:1\ngroup: g\ninput: [raw]\n";

TEST(ConfigTest, TheLeastConfigurationHasTheDefaults) {
  const auto config = ParseConfig(kLeast, "f");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->brokers, "b:1");
  EXPECT_EQ(config->input, std::vector<std::string>{"raw"});
  EXPECT_EQ(config->output, "news.{topic}");
  EXPECT_EQ(config->dead_letter, "news.dead-letter");
  EXPECT_EQ(config->workers, 1);
  EXPECT_EQ(config->commit_interval, std::chrono::milliseconds(100));
  EXPECT_EQ(config->limits.bytes_max, size_t{1} << 20);
}

TEST(ConfigTest, EveryKeyIsRead) {
  const auto config = ParseConfig(std::string(kLeast) +
                                      "cluster: c\noutput: o.{topic}\ndead_letter: d\n"
                                      "format: passthrough\nworkers: 3\ncommit_interval_ms: 250\n"
                                      "rules: [one, two]\n"
                                      "limits: {article_bytes_max: 5, depth_max: 6}\n"
                                      "kafka: {auto.offset.reset: error, client.id: x}\n",
                                  "f");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->cluster, "c");
  EXPECT_EQ(config->output, "o.{topic}");
  EXPECT_EQ(config->dead_letter, "d");
  EXPECT_EQ(config->format, EncoderOptions::Format::kPassthrough);
  EXPECT_EQ(config->workers, 3);
  EXPECT_EQ(config->commit_interval, std::chrono::milliseconds(250));
  EXPECT_EQ(config->rules, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(config->limits.bytes_max, 5U);
  EXPECT_EQ(config->limits.depth_max, 6U);
  EXPECT_EQ(config->kafka.at("auto.offset.reset"), "error");
}

TEST(ConfigTest, TheShippedConfigurationIsValid) {
  const auto config = LoadConfig(TOCSIN_SOURCE_DIR "/deploy/tocsin.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
}

TEST(ConfigTest, AMissingFileIsNotFound) {
  EXPECT_EQ(LoadConfig("/nonexistent").status().code(), absl::StatusCode::kNotFound);
}

struct ErrorCase {
  std::string name;
  std::string added;  // after kLeast's three lines
  std::string error;
};

class ConfigErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(ConfigErrorTest, NamesPlaceAndCause) {
  const auto config = ParseConfig(kLeast + GetParam().added, "f");
  EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(config.status().message()).find(GetParam().error), std::string::npos)
      << config.status();
}

INSTANTIATE_TEST_SUITE_P(
    Errors, ConfigErrorTest,
    testing::ValuesIn<ErrorCase>({
        {"UnknownKey", "wrokers: 2\n", "f:4:1: unknown key wrokers"},
        {"UnknownKeyInside", "limits:\n  deep: 2\n", "f:5:3: unknown key deep"},
        {"TwiceTheSame", "group: h\n", "f:4:1: group is set twice"},
        {"NotANumber", "workers: two\n", "f:4:10: expected a whole number from 1 to 256"},
        {"NumberWithATail", "workers: 2x\n", "f:4:10: expected a whole number"},
        {"NumberTooSmall", "workers: 0\n", "f:4:10: expected a whole number"},
        {"NumberNegative", "limits: {depth_max: -1}\n", "f:4:21: expected a whole number"},
        {"TextForAList", "rules: one\n", "f:4:8: expected a list"},
        {"EmptyValue", "cluster:\n", "expected text"},
        {"ListForText", "cluster: [a]\n", "f:4:10: expected text"},
        {"BadKafkaTopic", "dead_letter: a b\n", "f:4:14: a b cannot name a Kafka topic"},
        {"BadTemplate", "output: news.{subject}\n", "cannot name a Kafka topic"},
        {"BadFormat", "format: avro\n", "f:4:9: expected envelope or passthrough"},
        {"PropertyThatRunsCode", "kafka:\n  plugin.library.paths: x\n", "f:5:3: kafka property"},
        {"PropertyOfOurs", "kafka: {enable.auto.commit: true}\n", "delivery depends on it"},
        {"PropertyUnknown", "kafka: {no.such: 1}\n", "no.such"},
        {"PropertyWithABadValue", "kafka: {security.protocol: 1}\n", "security.protocol"},
        {"DeadLetterIsAnInput", "dead_letter: raw\n", "come back for ever"},
        {"NotYaml", "a: [\n", "f:5:1: "},
        {"EveryErrorAtOnce", "workers: x\nbad: 1\n", "f:5:1: unknown key bad"},
    }),
    [](const auto& tested) { return tested.param.name; });

TEST(ConfigTest, WhatIsMissingIsNamed) {
  const auto config = ParseConfig("brokers: b\n", "f");
  EXPECT_NE(std::string(config.status().message()).find("group is missing"), std::string::npos);
  EXPECT_NE(std::string(config.status().message()).find("input is missing"), std::string::npos);
}

TEST(ConfigTest, AnEmptyFileIsAnError) { EXPECT_FALSE(ParseConfig("", "f").ok()); }

}  // namespace
}  // namespace tocsin
