// What no single text shows: drop-ins, the environment, and where things were set.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/loaded.h"
#include "daemon/config/nearest.h"
#include "daemon/config/print.h"
#include "daemon/config/substitute.h"

namespace tocsin {
namespace {

constexpr char kLeast[] = "brokers: b:1\ngroup: g\ninput: [raw]\n";

class ConfigFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(directory_);
    Write("tocsin.yaml", kLeast);
  }

  void Write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = directory_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  std::string Path(const std::string& name) const { return directory_ / name; }
  absl::StatusOr<LoadedConfig> Load() const { return LoadConfigFiles(Path("tocsin.yaml")); }

  std::string Error() const {
    const auto loaded = Load();
    EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(loaded.status().message());
  }

  std::filesystem::path directory_ = std::filesystem::path(testing::TempDir()) / "config_files";
};

TEST_F(ConfigFilesTest, DropInsOverrideScalarsAndListsInByteOrder) {
  Write("tocsin.yaml", std::string(kLeast) + "workers: 2\nrules: [one, two]\n");
  Write("tocsin.d/9.yaml", "workers: 9\n");
  Write("tocsin.d/10.yaml", "workers: 10\nrules: [three]\n");
  Write("tocsin.d/B.yaml", "cluster: B\n");
  Write("tocsin.d/a.yaml", "cluster: a\n");
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.workers, 9) << "10.yaml comes before 9.yaml";
  EXPECT_EQ(loaded->config.rules, std::vector<std::string>{"three"});
  EXPECT_EQ(loaded->config.cluster, "a");
}

TEST_F(ConfigFilesTest, DropInsAddToMaps) {
  Write("tocsin.yaml", std::string(kLeast) +
                           "kafka: {client.id: x, socket.timeout.ms: 1000}\n"
                           "limits: {depth_max: 5}\n");
  Write("tocsin.d/1.yaml",
        "kafka: {socket.timeout.ms: 2000, security.protocol: ssl}\n"
        "limits: {article_bytes_max: 6}\n");
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.kafka,
            (std::map<std::string, std::string>{
                {"client.id", "x"}, {"security.protocol", "ssl"}, {"socket.timeout.ms", "2000"}}));
  EXPECT_EQ(loaded->config.limits.depth_max, 5U);
  EXPECT_EQ(loaded->config.limits.bytes_max, 6U);
}

TEST_F(ConfigFilesTest, DropInsMayHoldWhatIsRequired) {
  Write("tocsin.yaml", "# nothing here\n");
  Write("tocsin.d/1.yaml", "brokers: b\ngroup: g\n");
  Write("tocsin.d/2.yaml", "input: [raw]\n");
  EXPECT_TRUE(Load().ok()) << Load().status();
}

TEST_F(ConfigFilesTest, OtherFilesBesideAreNotRead) {
  Write("tocsin.d/1.yaml.dpkg-old", "workers: 7\n");
  Write("tocsin.d/1.yml", "workers: 7\n");
  Write("tocsin.d/.1.yaml", "workers: 7\n");
  Write("other.d/1.yaml", "workers: 7\n");
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.workers, 1);
}

TEST_F(ConfigFilesTest, ErrorsOfAllFilesNameTheirOwn) {
  Write("tocsin.yaml", std::string(kLeast) + "wrokers: 2\n");
  Write("tocsin.d/1.yaml", "limits:\n  depth_max: x\n");
  Write("tocsin.d/2.yaml", "a: [\n");
  Write("tocsin.d/3.yaml", "dead_letter: raw\n");
  const std::string error = Error();
  for (const std::string& each : {Path("tocsin.yaml") + ":4:1: unknown key wrokers",
                                  Path("tocsin.d/1.yaml") + ":2:14: expected a whole number",
                                  Path("tocsin.d/2.yaml") + ":2:1: ",
                                  Path("tocsin.d/3.yaml") + ":1:14: dead_letter raw is also"}) {
    EXPECT_NE(error.find(each), std::string::npos) << each << "\nis not in\n" << error;
  }
}

TEST_F(ConfigFilesTest, ASecretInAMapAndInAFileIsNamedAtBothPlaces) {
  Write("tocsin.yaml", std::string(kLeast) + "kafka: {sasl.password: p}\n");
  Write("tocsin.d/1.yaml", "kafka_secrets: {sasl.password: f}\n");
  EXPECT_EQ(Error(), Path("tocsin.d/1.yaml") + ":1:17: sasl.password is set under kafka, too (" +
                         Path("tocsin.yaml") + ":4:9)");
}

TEST_F(ConfigFilesTest, ADropInThatCannotBeReadIsAnError) {
  std::filesystem::create_directories(Path("tocsin.d/1.yaml"));
  EXPECT_TRUE(absl::IsNotFound(Load().status())) << Load().status();
}

TEST(DropInDirectoryTest, LiesBesideTheFile) {
  for (const auto& [path, directory] :
       {std::pair("/etc/tocsin/tocsin.yaml", "/etc/tocsin/tocsin.d"),
        {"x.yaml", "x.d"},
        {"./a.b/x", "./a.b/x.d"}}) {
    EXPECT_EQ(DropInDirectory(path), directory);
  }
}

class EnvironmentTest : public testing::Test {
 protected:
  void SetUp() override {
    setenv("TOCSIN_A", "one", 1);
    setenv("TOCSIN_YAML", "x, y]: {a: b}\nworkers: 3 # ${TOCSIN_A}", 1);
    setenv("TOCSIN_EMPTY", "", 1);
    setenv("TOCSIN_PASSWORD", "hunter2", 1);
    setenv("TOCSIN_PW", "swordfish", 1);
    unsetenv("TOCSIN_NONE");
  }

  static absl::StatusOr<LoadedConfig> Read(const std::string& added) {
    return ReadConfigTexts({{"f", kLeast + added}});
  }
};

struct SubstituteCase {
  std::string text;
  std::string want;  // empty: an error
};

TEST_F(EnvironmentTest, IsPutIntoTextsOnceAndLiterally) {
  for (const auto& [text, want] :
       std::vector<SubstituteCase>{{"plain", "plain"},
                                   {"${TOCSIN_A}", "one"},
                                   {"a${TOCSIN_A}b${TOCSIN_A}", "aonebone"},
                                   {"$${TOCSIN_A}", "${TOCSIN_A}"},
                                   {"$$${TOCSIN_A}", "$${TOCSIN_A}"},
                                   {"$ $$ $TOCSIN_A {}", "$ $$ $TOCSIN_A {}"},
                                   {"end$", "end$"},
                                   {"${TOCSIN_NONE}", ""},
                                   {"${TOCSIN_A", ""},
                                   {"${}", ""},
                                   {"${1A}", ""},
                                   {"${TOCSIN_A:-x}", ""}}) {
    const auto got = Substitute(text);
    EXPECT_EQ(got.ok(), !want.empty()) << text;
    if (got.ok()) {
      EXPECT_EQ(got->text, want);
    }
  }
}

TEST_F(EnvironmentTest, CannotInjectYaml) {
  const auto loaded = Read("ignore_lines: ['${TOCSIN_YAML}']\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.ignore_lines,
            std::vector<std::string>{"x, y]: {a: b}\nworkers: 3 # ${TOCSIN_A}"});
  EXPECT_EQ(loaded->config.workers, 1);
}

TEST_F(EnvironmentTest, ReachesEveryTypeOfValue) {
  setenv("TOCSIN_7", "7", 1);
  const auto loaded = Read(
      "workers: ${TOCSIN_7}\ndrain_timeout_ms: ${TOCSIN_7}000\nrules: ['${TOCSIN_A}', two]\n"
      "commit_bytes_max: ${TOCSIN_7}KiB\nkafka: {client.id: '${TOCSIN_A}'}\n"
      "dead_letter: d.${TOCSIN_A}\nlimits: {depth_max: '${TOCSIN_7}'}\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.workers, 7);
  EXPECT_EQ(loaded->config.drain_timeout.count(), 7000);
  EXPECT_EQ(loaded->config.rules, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(loaded->config.commit_bytes_max, 7U << 10);
  EXPECT_EQ(loaded->config.kafka.at("client.id"), "one");
  EXPECT_EQ(loaded->config.dead_letter, "d.one");
  EXPECT_EQ(loaded->config.limits.depth_max, 7U);
}

TEST_F(EnvironmentTest, ErrorsNameThePlaceAndNoSecret) {
  for (const auto& [added, error] : std::vector<std::pair<std::string, std::string>>{
           {"cluster: ${TOCSIN_NONE}\n", "f:4:10: ${TOCSIN_NONE}: the environment has no such"},
           {"rules: [a, '${TOCSIN_NONE}']\n", "f:4:12: ${TOCSIN_NONE}"},
           {"cluster: ${TOCSIN_EMPTY}\n", "f:4:10: expected text, but ${TOCSIN_EMPTY} is empty"},
           {"${TOCSIN_A}: 1\n", "f:4:1: ${TOCSIN_A}: variables are put into values"},
           {"kafka: {'${TOCSIN_A}': 1}\n", "f:4:9: ${TOCSIN_A}: variables are put into values"},
           {"dead_letter: a b ${TOCSIN_PASSWORD}\n", "f:4:14: its value cannot name"},
           {"kafka: {socket.timeout.ms: '${TOCSIN_PASSWORD}'}\n", "librdkafka refuses its value"},
           {"ignore_lines: ['(${TOCSIN_PASSWORD}']\n", "one of them is refused"}}) {
    const auto loaded = Read(added);
    const std::string message(loaded.status().message());
    EXPECT_NE(message.find(error), std::string::npos) << error << "\nis not in\n" << message;
    EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
  }
}

TEST_F(EnvironmentTest, SecretsAreNotPrintedWhereverTheyWent) {
  const auto loaded = Read(
      "cluster: x${TOCSIN_PW}\ninstance: ${TOCSIN_PASSWORD}\nrules: [a, '${TOCSIN_PW}']\n"
      "kafka: {sasl.password: '${TOCSIN_PW}', ssl.key.password: literal, client.id: "
      "'${TOCSIN_A}'}\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const std::string text = PrintConfig(*loaded);
  for (const std::string secret : {"hunter2", "swordfish", "literal"}) {
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }
  EXPECT_NE(text.find("client.id: one"), std::string::npos) << text;
}

TEST(PrintTest, WhatIsPrintedSetsTheSameAgain) {
  const auto loaded = ReadConfigTexts(
      {{"f", std::string(kLeast) +
                 "cluster: '~'\ninstance: 'a: #b'\nignore_lines: ['$${x} \"', \"]\\t,\", \"é\"]\n"
                 "kafka: {client.id: '{x}'}\nworkers: 3\nmemory_budget: 200000001\n"}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const std::string text = PrintConfig(*loaded);
  const auto again = ReadConfigTexts({{"g", text}});
  ASSERT_TRUE(again.ok()) << again.status() << text;
  EXPECT_EQ(again->config.cluster, "~");
  EXPECT_EQ(again->config.instance, "a: #b");
  EXPECT_EQ(again->config.ignore_lines, loaded->config.ignore_lines);
  EXPECT_EQ(again->config.kafka, loaded->config.kafka);
  EXPECT_EQ(again->config.memory_budget, 200000001U);
  EXPECT_NE(text.find("workers: 3  # f:8\n"), std::string::npos) << text;
  EXPECT_NE(text.find("format: envelope  # default\n"), std::string::npos) << text;
}

TEST(DidYouMeanTest, NamesTheNearest) {
  const std::vector<std::string> names = {"brokers", "workers", "limits.depth_max"};
  EXPECT_EQ(DidYouMean("wrokers", names), "did you mean workers?");
  EXPECT_EQ(DidYouMean("broker", names), "did you mean brokers?");
  EXPECT_EQ(DidYouMean("depth_mx", names), "did you mean limits.depth_max?");
  EXPECT_EQ(DidYouMean("zzzzzz", names), "there are brokers, workers, limits.depth_max");
}

}  // namespace
}  // namespace tocsin
