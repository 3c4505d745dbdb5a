// The table of options against the sample, and against itself.
#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/loaded.h"
#include "daemon/config/options.h"

namespace tocsin {
namespace {

constexpr char kSample[] = TOCSIN_SOURCE_DIR "/deploy/tocsin.yaml";

bool IsTopKey(const std::string& name) {
  for (const Option& option : Options()) {
    if (option.key == name) return true;
  }
  return false;
}

// The sample with what is commented out put in: `# key: value` of the table's keys, and what is
// indented below one.
std::string Uncommented(const std::string& text) {
  std::string result;
  bool is_below_key = false;
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  for (std::string line : lines) {
    if (line.starts_with("# ")) {
      const std::string rest = line.substr(2);
      const bool is_key = IsTopKey(rest.substr(0, rest.find(':'))) && rest.find(':') != rest.npos;
      is_below_key = is_key || (is_below_key && rest.starts_with("  "));
      if (is_below_key) line = rest;
    } else {
      is_below_key = false;
    }
    result += line + "\n";
  }
  return result;
}

TEST(SampleTest, ShowsEveryKeyAndTheRealDefaults) {
  std::ifstream file(kSample);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto loaded = ReadConfigTexts({{kSample, Uncommented(text)}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  for (const Option& option : Options()) {
    if (option.type == OptionType::kSection) continue;
    EXPECT_TRUE(loaded->places.contains(option.key)) << option.key << " is not in " << kSample;
    const Value standard = option.get(Config());
    if (option.is_required || IsEmpty(standard)) continue;
    EXPECT_EQ(option.get(loaded->config), standard)
        << loaded->places.at(option.key).ToString() << ": " << option.key << " is "
        << ToText(option, standard) << " by default";
  }
}

TEST(OptionsTest, EveryKeyIsDeclaredOnceAfterItsSection) {
  std::set<std::string, std::less<>> seen;
  for (const Option& option : Options()) {
    EXPECT_TRUE(seen.insert(option.key).second) << option.key;
    EXPECT_TRUE(SectionOf(option).empty() || seen.contains(SectionOf(option))) << option.key;
    EXPECT_FALSE(option.summary.empty()) << option.key;
  }
}

TEST(OptionsTest, EveryExampleIsTakenAndIsNotTheDefault) {
  for (const Option& option : Options()) {
    if (option.type == OptionType::kSection) continue;
    const std::string line = fmt::format("{}: {}\n", NameOf(option), option.example);
    const std::string_view section = SectionOf(option);
    const std::string text = section.empty() ? line : fmt::format("{}:\n  {}", section, line);
    // A key needs its webhook.
    const auto loaded = ReadConfigTexts({{"least",
                                          "brokers: b\ngroup: g\ninput: [wire.feed]\n"
                                          "notify: {webhooks: {desk: 'http://desk.example/'}}\n"},
                                         {"example", text}});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_NE(option.get(loaded->config), option.get(Config())) << option.key;
  }
}

TEST(OptionsTest, WhatIsEmptyByDefaultSaysWhatThatMeans) {
  for (const Option& option : Options()) {
    if (option.type == OptionType::kSection || option.is_required) continue;
    EXPECT_EQ(IsEmpty(option.get(Config())), !option.unset.empty()) << option.key;
  }
}

}  // namespace
}  // namespace tocsin
