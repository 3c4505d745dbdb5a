#include "pipeline/alert/selection.h"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

const MentionTraits kMention = {.rules = {"ceasefire.agreed", "ceasefire.mention"},
                                .topic = "ceasefire",
                                .language = "en-GB",
                                .source = "Meridian Wire"};

struct ConditionCase {
  std::string name;
  std::string text;
  bool want;
};

class ConditionTest : public testing::TestWithParam<ConditionCase> {};

TEST_P(ConditionTest, HoldsOrNot) {
  const auto condition = ParseAlertCondition(GetParam().text);
  ASSERT_TRUE(condition.ok()) << condition.status();
  EXPECT_EQ(condition->Holds(kMention), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, ConditionTest,
    testing::ValuesIn<ConditionCase>({
        {"AnyRule", "rules=ceasefire.agreed", true},
        {"ASecondRule", "rules=ceasefire.mention", true},
        {"OneOfSeveral", "rules=ceasefire.broken,ceasefire.agreed", true},
        {"AllThatBeginSo", "rules=ceasefire.*", true},
        {"NoneThatBeginSo", "rules=sanctions.*", false},
        {"APrefixWithoutAStarIsNoRule", "rules=ceasefire", false},
        {"Topic", "topics=ceasefire", true},
        {"OtherTopic", "topics=sanctions", false},
        {"PrimarySubtag", "languages=EN", true},
        {"OtherLanguage", "languages=de,fr", false},
        {"SourceInAnyCase", "sources=\"meridian WIRE\"", true},
        {"SourceWithAComma", "sources=\"Smith, Jones\",\"Meridian Wire\"", true},
        {"OtherSource", "sources=Meridian", false},
        {"AllMustHold", "topics=ceasefire languages=de", false},
        {"AllHold", " topics=ceasefire  languages=en rules=ceasefire.agreed ", true},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ConditionTest, NamesWhatIsWrong) {
  for (const auto& [text, why] :
       std::vector<std::pair<std::string, std::string>>{{"rule=x", "expected rules="},
                                                        {"rules=", "a value is missing"},
                                                        {"rules=a,,b", "a value is missing"},
                                                        {"sources=\"open", "not closed"},
                                                        {"x rules=a", "expected rules="}}) {
    const auto condition = ParseAlertCondition(text);
    ASSERT_FALSE(condition.ok()) << text;
    EXPECT_NE(std::string(condition.status().message()).find(why), std::string::npos)
        << condition.status();
  }
}

struct MuteCase {
  std::string name;
  std::string window;
  std::string at;
  bool want;
};

class MuteTest : public testing::TestWithParam<MuteCase> {};

TEST_P(MuteTest, HoldsOrNot) {
  const auto window = ParseMuteWindow(GetParam().window);
  ASSERT_TRUE(window.ok()) << window.status();
  absl::Time time;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, GetParam().at, &time, nullptr));
  EXPECT_EQ(window->Holds(absl::ToUnixMillis(time)), GetParam().want);
}

// 2026-11-20 is a Friday.
INSTANTIATE_TEST_SUITE_P(
    Windows, MuteTest,
    testing::ValuesIn<MuteCase>({
        {"WithinADay", "08:00-09:00", "2026-11-20T08:59:59Z", true},
        {"TheEndIsOutside", "08:00-09:00", "2026-11-20T09:00:00Z", false},
        {"TheBeginIsInside", "08:00-09:00", "2026-11-20T08:00:00Z", true},
        {"OverMidnightBefore", "mon-fri 22:00-06:00", "2026-11-20T23:00:00Z", true},
        {"OverMidnightAfter", "mon-fri 22:00-06:00", "2026-11-21T05:59:00Z", true},
        {"OverMidnightNotOfAnotherDay", "mon-fri 22:00-06:00", "2026-11-22T05:00:00Z", false},
        {"SundaysNightIsMondaysMorning", "sun 22:00-06:00", "2026-11-23T01:00:00Z", true},
        {"WholeDays", "sat-sun 00:00-24:00", "2026-11-22T23:59:59Z", true},
        {"WholeDaysEnd", "sat-sun 00:00-24:00", "2026-11-23T00:00:00Z", false},
        {"DaysAroundTheWeeksEnd", "fri-mon 00:00-24:00", "2026-11-22T12:00:00Z", true},
        {"NotOnOtherDays", "FRI 00:00-24:00", "2026-11-21T12:00:00Z", false},
        {"Before1970", "thu 00:00-24:00", "1969-12-25T12:00:00Z", true},
        {"Once", "2026-12-24T18:00:00Z/2026-12-26T06:00:00+01:00", "2026-12-26T04:59:00Z", true},
        {"OnceIsOver", "2026-12-24T18:00:00Z/2026-12-26T06:00:00+01:00", "2026-12-26T05:00:00Z",
         false},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(MuteTest, RefusesWhatIsNoTime) {
  for (const char* const text :
       {"", "08:00", "08:00-08:00", "8:00-09:00", "08:60-09:00", "24:00-25:00", "24:00-06:00",
        "someday 08:00-09:00", "mon- 08:00-09:00", "2026-12-24/2026-12-25",
        "2026-12-26T00:00:00Z/2026-12-24T00:00:00Z"}) {
    EXPECT_FALSE(ParseMuteWindow(text).ok()) << text;
  }
}

}  // namespace
}  // namespace tocsin
