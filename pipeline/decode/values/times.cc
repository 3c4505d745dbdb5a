#include "pipeline/decode/values/times.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "pipeline/decode/values/form.h"

namespace tocsin {
namespace {

constexpr int kNanosecondDigits = 9;
constexpr int64_t kNanosecondsMax = 1'000'000'000;
constexpr int64_t kSecondsMin = -30'610'224'000;  // year 1000
constexpr int64_t kSecondsYear10000 = 253'402'300'800;

// Larger numbers since the epoch are in the next finer unit: a hundred thousand million seconds lie in
// the year 5138, and as milliseconds in 1973.
constexpr int64_t kEpochUnitMax = 100'000'000'000;
constexpr int64_t kEpochDateDigitsMin = 10'000'101;  // 10000101
constexpr int64_t kEpochDateDigitsMax = 99'991'231;

struct Moment {
  int64_t seconds = 0;  // since the epoch
  int64_t nanoseconds = 0;
};

struct Fields {
  int year = 0;
  unsigned month = 1;
  unsigned day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int64_t nanoseconds = 0;
  int offset_minutes = 0;
};

struct Zone {
  std::string_view name;
  int offset_minutes;
};

// Those of RFC 822, and names that no two places use.
constexpr Zone kZones[] = {
    {"z", 0},      {"zz", 0},     {"utc", 0},    {"ut", 0},     {"gmt", 0},
    {"wet", 0},    {"west", 60},  {"cet", 60},   {"cest", 120}, {"eet", 120},
    {"eest", 180}, {"msk", 180},  {"est", -300}, {"edt", -240}, {"cst", -360},
    {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420},
};

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }
char Lower(char byte) { return static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte); }
bool IsLetter(char byte) { return Lower(byte) >= 'a' && Lower(byte) <= 'z'; }

bool IsWord(std::string_view word, std::string_view lower) {
  return std::equal(word.begin(), word.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return Lower(a) == b; });
}

bool ToMoment(const Fields& fields, Moment* moment) {
  const std::chrono::year_month_day date{std::chrono::year(fields.year),
                                         std::chrono::month(fields.month),
                                         std::chrono::day(fields.day)};
  // 60: a leap second, told as the second after it.
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 60) return false;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t minutes = (days * 24 + fields.hour) * 60 + fields.minute - fields.offset_minutes;
  *moment = {.seconds = minutes * 60 + fields.second, .nanoseconds = fields.nanoseconds};
  return true;
}

// Takes a text apart from the left; what does not fit leaves the cursor where it was.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : left_(text) {}

  bool done() const { return left_.empty(); }
  char next() const { return left_.empty() ? '\0' : left_.front(); }

  bool Accept(std::string_view any_of) {
    if (left_.empty() || any_of.find(left_.front()) == std::string_view::npos) return false;
    left_.remove_prefix(1);
    return true;
  }

  bool SkipSpaces() {
    const size_t spaces = std::min(left_.find_first_not_of(' '), left_.size());
    left_.remove_prefix(spaces);
    return spaces > 0;
  }

  // Between min and max digits, and none after them.
  template <typename Number>
  bool Digits(size_t min, size_t max, Number* number) {
    size_t digits = 0;
    while (digits < left_.size() && IsDigit(left_[digits])) ++digits;
    if (digits < min || digits > max) return false;
    return TakeDigits(digits, number);
  }

  template <typename Number>
  bool TakeDigits(size_t count, Number* number) {
    if (left_.size() < count) return false;
    const char* const begin = left_.data();
    const auto [end, error] = std::from_chars(begin, begin + count, *number);
    if (error != std::errc() || end != begin + count) return false;
    left_.remove_prefix(count);
    return true;
  }

  std::string_view Word() {
    size_t letters = 0;
    while (letters < left_.size() && IsLetter(left_[letters])) ++letters;
    const std::string_view word = left_.substr(0, letters);
    left_.remove_prefix(letters);
    return word;
  }

  // Nanoseconds of what stands behind a decimal point.
  bool Fraction(int64_t* nanoseconds) {
    int digits = 0;
    for (; !left_.empty() && IsDigit(left_.front()); left_.remove_prefix(1)) {
      if (digits++ < kNanosecondDigits) *nanoseconds = *nanoseconds * 10 + (left_.front() - '0');
    }
    for (int i = digits; i < kNanosecondDigits; ++i) *nanoseconds *= 10;
    return digits > 0;
  }

 private:
  std::string_view left_;
};

// HH:MM[:SS[.fraction]]
bool ReadClock(Cursor* cursor, Fields* fields) {
  if (!cursor->Digits(1, 2, &fields->hour) || !cursor->Accept(":")) return false;
  if (!cursor->Digits(2, 2, &fields->minute)) return false;
  if (!cursor->Accept(":")) return true;
  if (!cursor->Digits(2, 2, &fields->second)) return false;
  return !cursor->Accept(".,") || cursor->Fraction(&fields->nanoseconds);
}

// ±HH[[:]MM], or a name; GMT and UTC may stand before a number.
bool ReadZone(Cursor* cursor, Fields* fields) {
  cursor->SkipSpaces();
  const std::string_view name = cursor->Word();
  if (!name.empty()) {
    const auto* const found =
        std::find_if(std::begin(kZones), std::end(kZones),
                     [&](const Zone& zone) { return IsWord(name, zone.name); });
    if (found == std::end(kZones)) return false;
    fields->offset_minutes = found->offset_minutes;
    if (found->offset_minutes != 0) return true;
  }
  const bool is_west = cursor->next() == '-';
  if (!cursor->Accept("+-")) return !name.empty();
  int hours = 0;
  int minutes = 0;
  if (!cursor->TakeDigits(2, &hours) || hours > 15) return false;
  const bool has_colon = cursor->Accept(":");
  if ((has_colon || IsDigit(cursor->next())) && !cursor->Digits(2, 2, &minutes)) return false;
  fields->offset_minutes = (is_west ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

// Nothing more, or what Java's Date and browsers add in brackets: (UTC).
bool IsAtEnd(Cursor cursor) {
  cursor.SkipSpaces();
  return cursor.done() || cursor.next() == '(';
}

bool ReadMonth(std::string_view word, unsigned* month) {
  const auto* const found = std::find_if(std::begin(kMonths), std::end(kMonths), [&](auto name) {
    return word.size() >= name.size() && IsWord(word.substr(0, name.size()), name);
  });
  if (found == std::end(kMonths)) return false;
  *month = static_cast<unsigned>(found - std::begin(kMonths)) + 1;
  return true;
}

// 2025-12-04[T09:15[:00[.000]][zone]]
bool ReadIso(Cursor cursor, Fields* fields) {
  if (!cursor.Digits(4, 4, &fields->year)) return false;
  const bool has_slash = cursor.next() == '/';
  if (!cursor.Accept("-/") || !cursor.Digits(1, 2, &fields->month)) return false;
  if (!cursor.Accept(has_slash ? "/" : "-") || !cursor.Digits(1, 2, &fields->day)) return false;
  if (cursor.done()) return true;
  if (!cursor.Accept("Tt") && !cursor.SkipSpaces()) return false;
  if (!ReadClock(&cursor, fields)) return false;
  return IsAtEnd(cursor) || (ReadZone(&cursor, fields) && IsAtEnd(cursor));
}

// 20251204[[T]091500[zone]]
bool ReadCompact(Cursor cursor, Fields* fields) {
  if (!cursor.TakeDigits(4, &fields->year) || !cursor.TakeDigits(2, &fields->month) ||
      !cursor.TakeDigits(2, &fields->day)) {
    return false;
  }
  if (cursor.done()) return true;
  cursor.Accept("Tt");
  if (!cursor.TakeDigits(2, &fields->hour) || !cursor.TakeDigits(2, &fields->minute)) return false;
  if (IsDigit(cursor.next()) && !cursor.TakeDigits(2, &fields->second)) return false;
  if (cursor.Accept(".,") && !cursor.Fraction(&fields->nanoseconds)) return false;
  return cursor.done() || (ReadZone(&cursor, fields) && cursor.done());
}

// [Thu,] 4 Dec 2025 09:15[:00] zone
bool ReadRfc822(Cursor cursor, Fields* fields) {
  if (!cursor.Digits(1, 2, &fields->day)) return false;
  if (!cursor.Accept(" -") || !ReadMonth(cursor.Word(), &fields->month)) return false;
  if (!cursor.Accept(" -")) return false;
  if (cursor.Digits(2, 2, &fields->year)) {
    fields->year += fields->year < 50 ? 2000 : 1900;  // RFC 2822, 4.3
  } else if (!cursor.Digits(4, 4, &fields->year)) {
    return false;
  }
  if (IsAtEnd(cursor)) return true;
  if (!cursor.SkipSpaces() || !ReadClock(&cursor, fields)) return false;
  return IsAtEnd(cursor) || (ReadZone(&cursor, fields) && IsAtEnd(cursor));
}

// [Thu] Dec 4 09:15:00 [zone] 2025, or Dec[ember] 4[,] 2025 [09:15:00 [zone]]
bool ReadMonthFirst(Cursor cursor, Fields* fields) {
  if (!ReadMonth(cursor.Word(), &fields->month) || !cursor.SkipSpaces()) return false;
  if (!cursor.Digits(1, 2, &fields->day)) return false;
  cursor.Accept(",");
  if (!cursor.SkipSpaces()) return false;
  if (cursor.Digits(4, 4, &fields->year)) {
    if (IsAtEnd(cursor)) return true;
    if (!cursor.SkipSpaces() || !ReadClock(&cursor, fields)) return false;
    return IsAtEnd(cursor) || (ReadZone(&cursor, fields) && IsAtEnd(cursor));
  }
  if (!ReadClock(&cursor, fields) || !cursor.SkipSpaces()) return false;
  if (!IsDigit(cursor.next()) && (!ReadZone(&cursor, fields) || !cursor.SkipSpaces())) return false;
  return cursor.Digits(4, 4, &fields->year) && cursor.done();
}

bool ReadWithWords(Cursor cursor, Fields* fields) {
  Cursor after_day = cursor;
  const std::string_view word = after_day.Word();
  const bool has_day = std::any_of(std::begin(kDays), std::end(kDays), [&](std::string_view day) {
    return word.size() >= day.size() && IsWord(word.substr(0, day.size()), day);
  });
  if (has_day) {
    after_day.Accept(",");
    after_day.SkipSpaces();
    cursor = after_day;
  }
  return IsDigit(cursor.next()) ? ReadRfc822(cursor, fields) : ReadMonthFirst(cursor, fields);
}

char* Pad(int64_t number, int digits, char* out) {
  for (int i = digits - 1; i >= 0; --i, number /= 10) out[i] = static_cast<char>('0' + number % 10);
  return out + digits;
}

bool Write(const Moment& moment, TimeText* time) {
  if (moment.seconds < kSecondsMin || moment.seconds >= kSecondsYear10000) return false;
  const std::chrono::sys_seconds at{std::chrono::seconds(moment.seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const int64_t second = (at - day).count();
  char* out = Pad(static_cast<int>(date.year()), 4, time->bytes.data());
  *out++ = '-';
  out = Pad(static_cast<unsigned>(date.month()), 2, out);
  *out++ = '-';
  out = Pad(static_cast<unsigned>(date.day()), 2, out);
  *out++ = 'T';
  out = Pad(second / 3600, 2, out);
  *out++ = ':';
  out = Pad(second / 60 % 60, 2, out);
  *out++ = ':';
  out = Pad(second % 60, 2, out);
  if (moment.nanoseconds > 0) {
    *out++ = '.';
    out = Pad(moment.nanoseconds, kNanosecondDigits, out);
    while (out[-1] == '0') --out;
  }
  *out++ = 'Z';
  time->size = static_cast<size_t>(out - time->bytes.data());
  return true;
}

bool WriteFields(bool (*read)(Cursor, Fields*), std::string_view text, TimeText* time) {
  Fields fields;
  Moment moment;
  return read(Cursor(text), &fields) && ToMoment(fields, &moment) && Write(moment, time);
}

// What is so already, as most are: 2025-12-04T09:15:00Z.
bool CopyAsItIs(std::string_view text, TimeText* time) {
  constexpr size_t kBytes = 20;
  const char* const bytes = text.data();
  const bool has_form = text.size() == kBytes && HasForm(bytes, "0000-00-") &&
                        HasForm(bytes + 8, "00T00:00") && HasForm(bytes + kBytes - 8, "0:00:00Z");
  if (!has_form) return false;
  const auto number = [text](size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  constexpr int kDaysOfEveryMonth = 28;
  const bool is_plain = text[0] != '0' && number(5) >= 1 && number(5) <= 12 && number(8) >= 1 &&
                        number(8) <= kDaysOfEveryMonth && number(11) <= 23 && number(14) <= 59 &&
                        number(17) <= 59;
  if (!is_plain) return false;
  std::memcpy(time->bytes.data(), bytes, kBytes);
  time->size = kBytes;
  return true;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// Since the epoch, in the unit that its size tells.
Moment SinceEpoch(int64_t number) {
  int64_t per_second = 1;
  for (int64_t max = kEpochUnitMax; per_second < kNanosecondsMax && std::abs(number / max) >= 1;
       max *= 1000) {
    per_second *= 1000;
    if (max > INT64_MAX / 1000) break;
  }
  Moment moment{.seconds = number / per_second,
                .nanoseconds = number % per_second * (kNanosecondsMax / per_second)};
  if (moment.nanoseconds < 0) {
    moment.nanoseconds += kNanosecondsMax;
    --moment.seconds;
  }
  return moment;
}

}  // namespace

bool ReadTime(std::string_view text, TimeText* time) {
  if (CopyAsItIs(text, time)) return true;
  text = Trim(text);
  if (text.empty()) return false;
  if (IsLetter(text.front())) return WriteFields(&ReadWithWords, text, time);
  const size_t digits =
      std::min(text.find_first_not_of("0123456789", text.front() == '-'), text.size());
  if (digits == text.size()) {
    int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc() && ReadTime(number, time);
  }
  if (digits == 4) return WriteFields(&ReadIso, text, time);
  if (digits < 4) return WriteFields(&ReadWithWords, text, time);
  if (text[digits] != '.') return WriteFields(&ReadCompact, text, time);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc() && end == text.data() + text.size() && ReadTime(seconds, time);
}

bool ReadTime(int64_t number, TimeText* time) {
  // 20251204 and 20251204091500 are dates; as numbers since the epoch they would lie in August 1970
  // and in 2611.
  const bool has_date = number >= kEpochDateDigitsMin && number <= kEpochDateDigitsMax;
  const bool has_clock =
      number / 1'000'000 >= kEpochDateDigitsMin && number / 1'000'000 <= kEpochDateDigitsMax;
  if (has_date || has_clock) {
    std::array<char, 20> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    const std::string_view digits(text.data(), static_cast<size_t>(end.ptr - text.data()));
    if (WriteFields(&ReadCompact, digits, time)) return true;
  }
  return Write(SinceEpoch(number), time);
}

bool ReadTime(double seconds, TimeText* time) {
  constexpr double kExact = 9e15;
  if (!std::isfinite(seconds) || std::abs(seconds) > kExact) return false;
  const double whole = std::floor(seconds);
  if (std::abs(whole) >= static_cast<double>(kEpochUnitMax)) {
    return ReadTime(static_cast<int64_t>(whole), time);
  }
  // A double of this size tells microseconds, not nanoseconds.
  const auto microseconds = static_cast<int64_t>(std::llround((seconds - whole) * 1e6));
  return Write({.seconds = static_cast<int64_t>(whole) + microseconds / 1'000'000,
                .nanoseconds = microseconds % 1'000'000 * 1000},
               time);
}

}  // namespace tocsin
