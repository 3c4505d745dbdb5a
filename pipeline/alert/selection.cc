#include "pipeline/alert/selection.h"

#include <absl/strings/match.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "rules/base/language.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int kMinutesADay = 24 * 60;
constexpr int64_t kMsAMinute = 60'000;
constexpr int64_t kMsADay = kMinutesADay * kMsAMinute;
constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kThursday = 3;  // 1970 began with one

bool IsSame(std::string_view one, std::string_view other) {
  return absl::EqualsIgnoreCase({one.data(), one.size()}, {other.data(), other.size()});
}

bool Contains(const std::vector<std::string>& values, auto is_meant) {
  return values.empty() || std::any_of(values.begin(), values.end(), is_meant);
}

bool IsRule(std::string_view pattern, std::string_view rule) {
  if (!pattern.ends_with('*')) return pattern == rule;
  return rule.starts_with(pattern.substr(0, pattern.size() - 1));
}

// Up to the next space or comma; text within double quotes is taken as it is.
absl::StatusOr<std::string> TakeValue(std::string_view* rest) {
  size_t end = rest->find_first_of(" ,");
  size_t skip = 0;
  if (rest->starts_with('"')) {
    rest->remove_prefix(1);
    end = rest->find('"');
    if (end == std::string_view::npos) {
      return absl::InvalidArgumentError("a double quote is not closed");
    }
    skip = 1;
  }
  std::string value(rest->substr(0, end));
  rest->remove_prefix(std::min(rest->size(), value.size() + skip));
  if (value.empty()) return absl::InvalidArgumentError("a value is missing");
  return value;
}

// -1: it is none.
int ParseMinute(std::string_view text) {
  int hour = 0;
  int minute = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const std::from_chars_result hours = std::from_chars(begin, end, hour);
  if (text.size() != 5 || hours.ec != std::errc() || hours.ptr != begin + 2 || *hours.ptr != ':') {
    return -1;
  }
  const std::from_chars_result minutes = std::from_chars(hours.ptr + 1, end, minute);
  if (minutes.ec != std::errc() || minutes.ptr != end || hour < 0 || minute < 0 || minute > 59 ||
      hour * 60 + minute > kMinutesADay) {
    return -1;
  }
  return hour * 60 + minute;
}

std::optional<size_t> ParseDay(std::string_view text) {
  const auto found = std::find_if(kDays.begin(), kDays.end(),
                                  [&](std::string_view day) { return IsSame(day, text); });
  if (found == kDays.end()) return std::nullopt;
  return found - kDays.begin();
}

absl::StatusOr<std::array<bool, 7>> ParseDays(std::string_view text) {
  const size_t dash = text.find('-');
  const std::optional<size_t> first = ParseDay(text.substr(0, dash));
  const std::optional<size_t> last =
      dash == std::string_view::npos ? first : ParseDay(text.substr(dash + 1));
  if (!first || !last) {
    return absl::InvalidArgumentError(
        fmt::format("{} are no days; expected one such as mon, or mon-fri", text));
  }
  std::array<bool, 7> days{};
  for (size_t day = *first;; day = (day + 1) % days.size()) {
    days[day] = true;
    if (day == *last) return days;
  }
}

absl::StatusOr<int64_t> ParseInstant(std::string_view text) {
  absl::Time time;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, {text.data(), text.size()}, &time, &why)) {
    return absl::InvalidArgumentError(
        fmt::format("{} is no time; expected one such as 2026-12-24T18:00:00Z", text));
  }
  return absl::ToUnixMillis(time);
}

absl::StatusOr<MuteWindow> ParseOnce(std::string_view from, std::string_view to) {
  MuteWindow window;
  ASSIGN_OR_RETURN(window.from_ms, ParseInstant(from));
  ASSIGN_OR_RETURN(window.to_ms, ParseInstant(to));
  if (window.to_ms > window.from_ms) return window;
  return absl::InvalidArgumentError(fmt::format("{} is not after {}", to, from));
}

}  // namespace

bool AlertCondition::Holds(const MentionTraits& mention) const {
  return Contains(rules,
                  [&](const std::string& pattern) {
                    return std::any_of(
                        mention.rules.begin(), mention.rules.end(),
                        [&](std::string_view rule) { return IsRule(pattern, rule); });
                  }) &&
         Contains(topics, [&](const std::string& topic) { return topic == mention.topic; }) &&
         Contains(languages,
                  [&](const std::string& language) {
                    return rules::PrimarySubtag(language) == rules::PrimarySubtag(mention.language);
                  }) &&
         Contains(sources,
                  [&](const std::string& source) { return IsSame(source, mention.source); });
}

absl::StatusOr<AlertCondition> ParseAlertCondition(std::string_view text) {
  AlertCondition condition;
  const std::pair<std::string_view, std::vector<std::string>*> names[] = {
      {"rules=", &condition.rules},
      {"topics=", &condition.topics},
      {"languages=", &condition.languages},
      {"sources=", &condition.sources}};
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.front() == ' ') {
      rest.remove_prefix(1);
      continue;
    }
    const auto* const found =
        std::find_if(std::begin(names), std::end(names),
                     [&](const auto& each) { return rest.starts_with(each.first); });
    if (found == std::end(names)) {
      return absl::InvalidArgumentError(
          fmt::format("{}: expected rules=, topics=, languages= or sources= with values", rest));
    }
    rest.remove_prefix(found->first.size());
    for (;;) {
      ASSIGN_OR_RETURN(std::string value, TakeValue(&rest));
      found->second->push_back(std::move(value));
      if (!rest.starts_with(',')) break;
      rest.remove_prefix(1);
    }
  }
  return condition;
}

bool MuteWindow::Holds(int64_t seen_ms) const {
  if (from_ms < to_ms) return seen_ms >= from_ms && seen_ms < to_ms;
  const int64_t day = seen_ms >= 0 ? seen_ms / kMsADay : (seen_ms + 1) / kMsADay - 1;
  const int64_t minute = (seen_ms - day * kMsADay) / kMsAMinute;
  const auto is_on = [&](int64_t weekday) {
    constexpr int64_t kDaysAWeek = 7;
    return days[((weekday + kThursday) % kDaysAWeek + kDaysAWeek) % kDaysAWeek];
  };
  if (is_on(day) && minute >= begin_minute && minute < end_minute) return true;
  return is_on(day - 1) && minute + kMinutesADay < end_minute;
}

absl::StatusOr<MuteWindow> ParseMuteWindow(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    return ParseOnce(text.substr(0, slash), text.substr(slash + 1));
  }
  MuteWindow window;
  window.days.fill(true);
  const size_t space = text.find(' ');
  if (space != std::string_view::npos) {
    ASSIGN_OR_RETURN(window.days, ParseDays(text.substr(0, space)));
    text.remove_prefix(space + 1);
  }
  const size_t dash = text.find('-');
  const int begin = ParseMinute(text.substr(0, dash));
  const int end = dash == std::string_view::npos ? -1 : ParseMinute(text.substr(dash + 1));
  if (begin < 0 || end < 0 || begin == end || begin == kMinutesADay) {
    return absl::InvalidArgumentError(
        fmt::format("{}: expected times such as 22:00-06:00, or FROM/TO", text));
  }
  window.begin_minute = begin;
  window.end_minute = end > begin ? end : end + kMinutesADay;
  return window;
}

bool AlertSelection::Selects(const MentionTraits& mention) const {
  return when.empty() ||
         std::any_of(when.begin(), when.end(),
                     [&](const AlertCondition& condition) { return condition.Holds(mention); });
}

bool AlertSelection::IsMuted(int64_t seen_ms) const {
  return std::any_of(mute.begin(), mute.end(),
                     [&](const MuteWindow& window) { return window.Holds(seen_ms); });
}

}  // namespace tocsin
