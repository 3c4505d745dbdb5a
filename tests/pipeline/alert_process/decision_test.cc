#include "pipeline/alert/decision.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

struct DecisionCase {
  std::string name;
  MentionFacts facts;
  Outcome want;
};

class DecisionTest : public testing::TestWithParam<DecisionCase> {};

TEST_P(DecisionTest, FollowsFromTheFacts) {
  EXPECT_EQ(OutcomeName(Decide(GetParam().facts)), OutcomeName(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Decisions, DecisionTest,
    testing::ValuesIn<DecisionCase>({
        {"TheFirstOfAStoryAlerts", {}, Outcome::kAlerted},
        {"ACopyJoinsInSilence", {.is_settled = true}, Outcome::kJoined},
        {"AWithdrawnOneAlertsNobody", {.is_withdrawn = true}, Outcome::kWithdrawn},
        {"AKillTakesItsAlertBack",
         {.is_settled = true, .was_alerted = true, .is_withdrawn = true},
         Outcome::kRetracted},
        {"AKilledCopyTakesNothingBack",
         {.is_settled = true, .is_withdrawn = true},
         Outcome::kWithdrawn},
        {"AKillIsMadeKnownEvenIfItIsSentAgain",
         {.is_settled = true, .was_alerted = true, .is_withdrawn = true, .is_backfilled = true},
         Outcome::kRetracted},
        {"AnEmbargoIsKept", {.is_embargoed = true}, Outcome::kEmbargoed},
        {"AnEmbargoOfAToldStoryHidesNothing",
         {.is_settled = true, .is_embargoed = true},
         Outcome::kJoined},
        {"ABackfillNeverAlerts", {.is_backfilled = true}, Outcome::kBackfilled},
        {"OldNewsIsNone", {.is_stale = true}, Outcome::kStale},
        {"WhatNobodyAskedForIsLeft", {.is_selected = false}, Outcome::kNotSelected},
        {"AtNightItIsQuiet", {.is_muted = true}, Outcome::kMuted},
        {"WhatNobodyAskedForIsNotMuted",
         {.is_selected = false, .is_muted = true},
         Outcome::kNotSelected},
        {"ABackfillAtNightIsNotMuted",
         {.is_backfilled = true, .is_muted = true},
         Outcome::kBackfilled},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(DecisionTest, OnlyAnAlertAndAMuteSettleAStory) {
  for (size_t i = 0; i < kOutcomeNames.size(); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_EQ(Settles(outcome), outcome == Outcome::kAlerted || outcome == Outcome::kMuted)
        << kOutcomeNames[i];
  }
}

}  // namespace
}  // namespace tocsin
