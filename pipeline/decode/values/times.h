// Times in all the shapes that news has, as RFC 3339 in UTC.
//
//   TimeText time;
//   if (!ReadTime("Thu, 04 Dec 2025 10:15:00 +0100", &time)) ++unread;
//   time.view();   // 2025-12-04T09:15:00Z
//
// Shape     ISO 8601 (with or without seconds, fraction, zone; T or space; - or / in the date; also
//           20251204T091500Z and 20251204091500), RFC 822, what C and Java print (Thu Dec 4 09:15:00
//           UTC 2025), and numbers since the epoch: by their size s, ms, µs or ns. Without a zone:
//           UTC. A date alone: its first second. Fractions are kept up to nanoseconds, less
//           trailing zeros. Years 1000 to 9999.
// Cost      no allocation; about a copy where it is so already.
// Errors    false: not a time, or one that reads in two ways (04.12.2025, a zone named IST).
#ifndef TOCSIN_PIPELINE_DECODE_VALUES_TIMES_H_
#define TOCSIN_PIPELINE_DECODE_VALUES_TIMES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin {

struct TimeText {
  std::array<char, 32> bytes{};
  size_t size = 0;

  std::string_view view() const { return {bytes.data(), size}; }
};

bool ReadTime(std::string_view text, TimeText* time);
bool ReadTime(int64_t number, TimeText* time);
bool ReadTime(double seconds, TimeText* time);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_VALUES_TIMES_H_
