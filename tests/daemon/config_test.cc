#include "daemon/config.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "daemon/client_settings.h"

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
                                      "rules: [one, two]\nmatch: {cross_check_per_million: 100}\n"
                                      "limits: {article_bytes_max: 5, depth_max: 6}\n"
                                      "delivery: at_least_once\ninstance: i\non_error: stop\n"
                                      "tombstones: pass\nmemory_budget: 96MiB\n"
                                      "commit_records_max: 7\ncommit_bytes_max: 8KiB\n"
                                      "kafka: {auto.offset.reset: error, client.id: x}\n"
                                      "kafka_secrets: {sasl.password: pw}\n",
                                  "f");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->cluster, "c");
  EXPECT_EQ(config->output, "o.{topic}");
  EXPECT_EQ(config->dead_letter, "d");
  EXPECT_EQ(config->format, EncoderOptions::Format::kPassthrough);
  EXPECT_EQ(config->workers, 3);
  EXPECT_EQ(config->commit_interval, std::chrono::milliseconds(250));
  EXPECT_EQ(config->rules, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(config->cross_check_per_million, 100);
  EXPECT_EQ(config->limits.bytes_max, 5U);
  EXPECT_EQ(config->limits.depth_max, 6U);
  EXPECT_EQ(config->delivery, Delivery::kAtLeastOnce);
  EXPECT_EQ(config->instance, "i");
  EXPECT_EQ(config->on_error, OnError::kStop);
  EXPECT_EQ(config->tombstones, OnTombstone::kPass);
  EXPECT_EQ(config->memory_budget, size_t{96} << 20);
  EXPECT_EQ(config->commit_records_max, 7U);
  EXPECT_EQ(config->commit_bytes_max, size_t{8} << 10);
  EXPECT_EQ(config->kafka_secrets.at("sasl.password"), "pw");
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
        {"UnknownKey", "wrokers: 2\n", "f:4:1: unknown key wrokers; did you mean workers?"},
        {"UnknownKeyInside", "limits:\n  deep: 2\n",
         "f:5:3: unknown key deep; there are article_bytes_max, depth_max"},
        {"KeyOfAnotherLevel", "depth_max: 2\n",
         "f:4:1: unknown key depth_max; did you mean limits."},
        {"NoKey", "[a]: 2\n", "f:4:1: expected a key"},
        {"ASecondDocument", "---\nworkers: 2\n", "a second document"},
        {"NoElements", "rules: []\n", "f:4:8: expected a list"},
        {"TwiceTheSame", "group: h\n", "f:4:1: group is set twice"},
        {"NotANumber", "workers: two\n", "f:4:10: expected a whole number from 1 to 256"},
        {"NumberWithATail", "workers: 2x\n", "f:4:10: expected a whole number"},
        {"NumberTooSmall", "workers: 0\n", "f:4:10: expected a whole number"},
        {"NumberNegative", "limits: {depth_max: -1}\n", "f:4:21: expected a whole number"},
        {"TextForAList", "rules: one\n", "f:4:8: expected a list"},
        {"EmptyValue", "cluster:\n", "f:4:1: expected text"},
        {"ListForText", "cluster: [a]\n", "f:4:10: expected text"},
        {"BadKafkaTopic", "dead_letter: a b\n", "f:4:14: a b cannot name a Kafka topic"},
        {"BadTemplate", "output: news.{subject}\n", "cannot name a Kafka topic"},
        {"BadFormat", "format: avro\n", "f:4:9: expected envelope or passthrough"},
        {"PropertyThatRunsCode", "kafka:\n  plugin.library.paths: x\n", "f:5:3: kafka property"},
        {"PropertyOfOurs", "kafka: {enable.auto.commit: true}\n",
         "delivery or memory_budget depends on it"},
        {"PropertyUnknown", "kafka: {no.such: 1}\n", "no.such"},
        {"PropertyMistyped", "kafka: {sasl.mechansm: PLAIN}\n", "did you mean sasl.mechanism?"},
        {"SecretMistyped", "kafka_secrets: {sasl.pasword: f}\n", "did you mean sasl.password?"},
        {"PropertyWithABadValue", "kafka: {security.protocol: 1}\n", "security.protocol"},
        {"PropertyThatLoadsAProvider", "kafka: {ssl.providers: /tmp/x}\n", "it would run code"},
        {"PropertyThatIsNoText", "kafka: {default_topic_conf: x}\n", "set by Tocsin"},
        {"PropertyOfOneMember", "kafka: {group.instance.id: x}\n", "set by Tocsin"},
        {"SecretThatRunsCode", "kafka_secrets: {sasl.kerberos.kinit.cmd: f}\n", "f:4:17: kafka"},
        {"SecretOfOurs", "kafka_secrets: {transactional.id: f}\n", "set by Tocsin"},
        {"SecretUnknown", "kafka_secrets: {no.such: f}\n", "no.such"},
        {"SecretSetTwice", "kafka: {sasl.password: p}\nkafka_secrets: {sasl.password: f}\n",
         "f:5:17: sasl.password is set under kafka, too"},
        {"SecretWithoutAFile", "kafka_secrets: {sasl.password: }\n", "expected text"},
        {"WebhookOfAnotherScheme", "notify: {webhooks: {desk: 'ftp://h/'}}\n",
         "f:4:21: a webhook is a URL such as https://desk.example/alerts"},
        {"WebhookWithABadName", "notify: {webhooks: {Desk 1: 'http://h/'}}\n",
         "Desk 1 cannot name a webhook"},
        {"WebhookWithTwoUrls",
         "notify: {webhooks: {desk: 'http://h/'}, webhook_url_files: {desk: f}}\n",
         "f:4:61: desk is set under notify.webhooks, too"},
        {"KeyOfNoWebhook", "notify: {webhook_secrets: {desk: f}}\n", "f:4:28: desk is no webhook"},
        {"AlertsFromTheDeadLetters", "notify: {kafka_topics: [news.dead-letter]}\n",
         "alerts would come back for ever"},
        {"BadAlertsKafkaTopic", "notify: {kafka_topics: [^news]}\n", "cannot name a Kafka topic"},
        {"WebhooksBeyondTheBudget",
         "memory_budget: 32MiB\nnotify: {webhooks: {a: 'http://h/', b: 'http://h/'}}\n",
         "less than 32MiB for each of the 2 webhooks"},
        {"BadDelivery", "delivery: twice\n", "expected exactly_once or at_least_once"},
        {"BadOnError", "on_error: ignore\n", "expected dead_letter or stop"},
        {"BadTombstones", "tombstones: keep\n", "expected drop or pass or dead_letter"},
        {"BytesWithoutANumber", "commit_bytes_max: MiB\n", "expected bytes, such as"},
        {"BytesOfAnUnknownUnit", "commit_bytes_max: 1MB\n", "expected bytes, such as"},
        {"BytesBeyondAnyMemory", "memory_budget: 2000000GiB\n", "expected bytes, such as"},
        {"TooLittleMemory", "memory_budget: 1MiB\n", "of at least 32MiB"},
        {"TooLittleMemoryForEachWorker", "memory_budget: 64MiB\nworkers: 3\n",
         "less than 32MiB for each of the 3 workers"},
        {"NoRecordsACommit", "commit_records_max: 0\n", "f:4:21: expected a whole number"},
        {"DeadLetterIsAnInput", "dead_letter: raw\n",
         "f:4:14: dead_letter raw is also an input: its records would come back for ever"},
        {"NotYaml", "a: [\n", "f:5:1: "},
        {"EveryErrorAtOnce", "workers: x\nbad: 1\n", "f:5:1: unknown key bad"},
    }),
    [](const auto& tested) { return tested.param.name; });

TEST(ConfigTest, AnInputThatIsARegexIsRefused) {
  const auto config = ParseConfig("brokers: b\ngroup: g\ninput: [raw, ^news]\n", "f");
  EXPECT_EQ(config.status().message(), "f:3:8: ^news cannot name a Kafka topic");
}

TEST(ConfigTest, WhatIsMissingIsNamed) {
  const auto config = ParseConfig("brokers: b\n", "f");
  EXPECT_NE(std::string(config.status().message()).find("group is missing"), std::string::npos);
  EXPECT_NE(std::string(config.status().message()).find("input is missing"), std::string::npos);
}

// What a client is given; the mechanism may come from a file, too.
class SecretTest : public testing::Test {
 protected:
  void SetUp() override { setenv("CREDENTIALS_DIRECTORY", directory_.c_str(), 1); }
  void TearDown() override { unsetenv("CREDENTIALS_DIRECTORY"); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
  }

  static absl::StatusOr<broker::ClientSettings> Settings(const std::string& secrets) {
    const auto config = ParseConfig(kLeast + ("kafka_secrets: {" + secrets + "}\n"), "f");
    if (!config.ok()) return config.status();
    return ClientSettingsOf(*config);
  }

  std::string directory_ = testing::TempDir();
};

TEST_F(SecretTest, ComesFromTheCredentialsDirectoryWithoutItsLineFeed) {
  Write("pw", "secret one\n");
  const auto settings = Settings("sasl.password: pw");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->secrets.at("sasl.password"), "secret one");
}

TEST_F(SecretTest, ComesFromAnAbsolutePath) {
  Write("elsewhere", "two");
  unsetenv("CREDENTIALS_DIRECTORY");
  const auto settings = Settings("sasl.password: " + directory_ + "/elsewhere");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->secrets.at("sasl.password"), "two");
}

TEST_F(SecretTest, ThatIsMissingOrEmptyIsNamed) {
  Write("empty", "\n");
  for (const std::string file : {"nowhere", "empty"}) {
    const auto settings = Settings("sasl.password: " + file);
    EXPECT_EQ(settings.status().code(), absl::StatusCode::kNotFound);
    EXPECT_NE(std::string(settings.status().message()).find("sasl.password"), std::string::npos);
  }
}

TEST_F(SecretTest, ThatIsRefusedIsNotQuoted) {
  Write("number", "hunter2");
  const auto settings = Settings("socket.timeout.ms: number");
  ASSERT_TRUE(settings.ok()) << settings.status();
  const std::string message(broker::ConsumerConf(*settings).status().message());
  EXPECT_NE(message.find("socket.timeout.ms"), std::string::npos) << message;
  EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
}

TEST_F(SecretTest, CannotSetWhatIsDeniedEvenBehindTheConfiguration) {
  for (const std::string name : {"plugin.library.paths", "transactional.id"}) {
    const broker::ClientSettings settings = {
        .brokers = "b:1", .group = "g", .properties = {}, .secrets = {{name, "x"}}};
    EXPECT_TRUE(absl::IsInvalidArgument(broker::ConsumerConf(settings).status()));
  }
}

TEST(ConfigTest, ManyWorkersOfALittleMemoryAreNoLessAConsumer) {
  auto config = ParseConfig(std::string(kLeast) +
                                "workers: 8\nmemory_budget: 256MiB\n"
                                "kafka: {message.max.bytes: 20000000}\n",
                            "f");
  ASSERT_TRUE(config.ok()) << config.status();
  const auto settings = ClientSettingsOf(*config);
  ASSERT_TRUE(settings.ok()) << settings.status();
  auto conf = broker::ConsumerConf(*settings);
  ASSERT_TRUE(conf.ok()) << conf.status();
  const auto client = broker::Connect(RD_KAFKA_CONSUMER, *std::move(conf));
  EXPECT_TRUE(client.ok()) << client.status();
}

struct VersionCase {
  std::string name;
  int version;
  std::string mechanism;
  std::string error;  // empty: taken
};

class VersionTest : public testing::TestWithParam<VersionCase> {};

TEST_P(VersionTest, IsTakenOrRefusedWithTheReason) {
  const absl::Status status = broker::CheckVersion(GetParam().version, GetParam().mechanism);
  EXPECT_EQ(status.ok(), GetParam().error.empty()) << status;
  EXPECT_NE(std::string(status.message()).find(GetParam().error), std::string::npos) << status;
}

INSTANTIATE_TEST_SUITE_P(Librdkafka, VersionTest,
                         testing::ValuesIn<VersionCase>({
                             {"Debian12", 0x020002ff, "PLAIN", ""},
                             {"Debian12WithScram", 0x020002ff, "SCRAM-SHA-512", "this is 2.0.2"},
                             {"ScramBeforeItWorks", 0x020600ff, "SCRAM-SHA-256",
                              "needs librdkafka 2.6.1"},
                             {"ScramSinceItWorks", 0x020601ff, "SCRAM-SHA-256", ""},
                             {"TelemetryAssert", 0x020500ff, "GSSAPI", "LRK#4826"},
                             {"Rebootstrap", 0x020a00ff, "GSSAPI", "LRK#5088"},
                             {"Debian13", 0x020801ff, "GSSAPI", ""},
                             {"AfterRebootstrap", 0x020a01ff, "SCRAM-SHA-512", ""},
                         }),
                         [](const auto& tested) { return tested.param.name; });

TEST(VersionTest, TheMechanismCountsByWhateverNameItComes) {
  if (broker::CheckVersion(rd_kafka_version(), "SCRAM-SHA-256").ok()) GTEST_SKIP();
  for (const std::string name : {"sasl.mechanism", "sasl.mechanisms"}) {
    EXPECT_FALSE(broker::CheckProperties({{name, "SCRAM-SHA-256"}}).ok());
    const broker::ClientSettings settings = {
        .brokers = "b:1", .group = "g", .properties = {}, .secrets = {{name, "SCRAM-SHA-256"}}};
    EXPECT_FALSE(broker::ProducerConf(settings, "").ok());
  }
}

TEST(ConfigTest, AnEmptyFileIsAnError) { EXPECT_FALSE(ParseConfig("", "f").ok()); }

}  // namespace
}  // namespace tocsin
