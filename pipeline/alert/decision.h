// What becomes of a mention: an alert, or why there is none.
//
//   const Outcome outcome = Decide({.is_settled = standing.is_settled, ...});
//   counters->alerts.Add({topic, OutcomeName(outcome)}, 1);
//
// Shape     an article that was withdrawn alerts nobody, and takes its alert back where there was
//           one. Then: a story that is settled, by an alert or by a mute, is never told again; else
//           the first article of it that nothing forbids to tell is its alert.
// Cites     pipeline/alert/README.md says why each is as it is.
#ifndef TOCSIN_PIPELINE_ALERT_DECISION_H_
#define TOCSIN_PIPELINE_ALERT_DECISION_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace tocsin {

enum class Outcome : uint8_t {
  kAlerted,
  kRetracted,    // its alert is taken back
  kJoined,       // its story is settled
  kWithdrawn,    // canceled or withheld, and never alerted
  kEmbargoed,    // until later
  kBackfilled,   // sent a second time by an operator
  kStale,        // too old to be news
  kNotSelected,  // by alert.when
  kMuted,        // by alert.mute
};

inline constexpr std::array<std::string_view, 9> kOutcomeNames = {
    "alerted",    "retracted", "joined",       "withdrawn", "embargoed",
    "backfilled", "stale",     "not_selected", "muted"};

constexpr std::string_view OutcomeName(Outcome outcome) {
  return kOutcomeNames[static_cast<size_t>(outcome)];
}

struct MentionFacts {
  bool is_settled = false;   // its story
  bool was_alerted = false;  // this very article, and not taken back since
  bool is_withdrawn = false;
  bool is_embargoed = false;
  bool is_backfilled = false;
  bool is_stale = false;
  bool is_selected = true;
  bool is_muted = false;
};

constexpr Outcome Decide(const MentionFacts& facts) {
  if (facts.is_withdrawn) return facts.was_alerted ? Outcome::kRetracted : Outcome::kWithdrawn;
  if (facts.is_settled) return Outcome::kJoined;
  if (facts.is_embargoed) return Outcome::kEmbargoed;
  if (facts.is_backfilled) return Outcome::kBackfilled;
  if (facts.is_stale) return Outcome::kStale;
  if (!facts.is_selected) return Outcome::kNotSelected;
  return facts.is_muted ? Outcome::kMuted : Outcome::kAlerted;
}

// Whether its story will not be told any more after this.
constexpr bool Settles(Outcome outcome) {
  return outcome == Outcome::kAlerted || outcome == Outcome::kMuted;
}

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_DECISION_H_
