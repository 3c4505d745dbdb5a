// Which mentions a desk wants to hear of, and when it wants to hear of none.
//
//   ASSIGN_OR_RETURN(const AlertCondition condition, ParseAlertCondition("rules=ceasefire.agreed languages=en"));
//   if (condition.Holds({.rules = {"ceasefire.agreed"}, .topic = "ceasefire", ...})) ...
//   ASSIGN_OR_RETURN(const MuteWindow night, ParseMuteWindow("mon-fri 22:00-06:00"));
//   if (night.Holds(seen_ms)) ...
//
// Shape     a condition names what must hold all at once: `rules=` (one of the mention's rules; an
//           id that ends in * stands for all that begin so), `topics=`, `languages=` (by primary
//           subtag), `sources=` (whatever the letter case, of ASCII). Values are separated by
//           commas; one with a space or a comma stands in double quotes.
//           A mute window is of every week, `[DAY[-DAY]] HH:MM-HH:MM` (mon … sun; an end before the
//           begin is on the next day; 00:00-24:00 is the whole day), or once, `FROM/TO` in RFC 3339.
// Units     times of day are UTC; an end is exclusive. seen_ms: milliseconds since 1970, UTC.
// Errors    InvalidArgument: says what is wrong with the text.
// Threads   values.
#ifndef TOCSIN_PIPELINE_ALERT_SELECTION_H_
#define TOCSIN_PIPELINE_ALERT_SELECTION_H_

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

struct MentionTraits {
  std::vector<std::string_view> rules;
  std::string_view topic;
  std::string_view language;  // empty: unknown
  std::string_view source;
};

struct AlertCondition {
  std::vector<std::string> rules;
  std::vector<std::string> topics;
  std::vector<std::string> languages;
  std::vector<std::string> sources;

  bool Holds(const MentionTraits& mention) const;
};

absl::StatusOr<AlertCondition> ParseAlertCondition(std::string_view text);

struct MuteWindow {
  // Every week; days of the begin, Monday first. None: once.
  std::array<bool, 7> days{};
  int begin_minute = 0;  // of the day
  int end_minute = 0;    // beyond 24 h: of the next day
  // Once.
  int64_t from_ms = 0;
  int64_t to_ms = 0;

  bool Holds(int64_t seen_ms) const;
};

absl::StatusOr<MuteWindow> ParseMuteWindow(std::string_view text);

struct AlertSelection {
  std::vector<AlertCondition> when;  // one holds; none: all mentions
  std::vector<MuteWindow> mute;      // one holds: muted

  bool Selects(const MentionTraits& mention) const;
  bool IsMuted(int64_t seen_ms) const;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_SELECTION_H_
