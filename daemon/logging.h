// Where spdlog's lines go: the journal, JSON or readable text, all on standard error.
//
//   UseLogFormat(LogFormat::kAuto);  // before any other thread
//   spdlog::info("started{}", log::About{.event = log::kStarted});
//
// Shape     kAuto: the journal's own protocol if standard error is the journal ($JOURNAL_STREAM),
//           else text. JSON: one object a line: time, level, message, and TOPIC, PARTITION, OFFSET,
//           MESSAGE_ID where the line has them.
//           Lines that differ in their numbers only are repetitions: of each kind the first
//           kRepeatedMax in kRepeatWindow are written, then a count of the others.
// Cost      a hash and a look-up a line; the kinds remembered are bounded.
// Threads   any. A count that is due is written with the next line, or by a flush.
// Lifetime  until the process ends.
#ifndef TOCSIN_DAEMON_LOGGING_H_
#define TOCSIN_DAEMON_LOGGING_H_

#include <spdlog/common.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tocsin {

enum class LogFormat : uint8_t { kAuto, kJson, kText };

// Whether a person reads what is written: text.
bool UseLogFormat(LogFormat format);

// One line, its fields taken off.
struct LogLine {
  spdlog::level::level_enum level = spdlog::level::info;
  std::chrono::system_clock::time_point time;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;
};

LogLine ParseLogLine(std::string_view payload);
std::string JsonLine(const LogLine& line);
std::string TextLine(const LogLine& line);

// Lets through what is not repeated too often; see above.
class RepeatLimit {
 public:
  static constexpr int kRepeatedMax = 10;
  static constexpr auto kRepeatWindow = std::chrono::seconds(10);

  using Write = std::function<void(const LogLine&)>;

  explicit RepeatLimit(Write write) : write_(std::move(write)) {}

  void Add(const LogLine& line);

  // Writes the counts that are due.
  void Advance(std::chrono::system_clock::time_point now);

 private:
  struct Kind {
    LogLine last;
    std::chrono::system_clock::time_point since;
    int written = 0;
    int64_t held_back = 0;
  };

  Write write_;
  std::unordered_map<std::string, Kind> kinds_;
  std::chrono::system_clock::time_point looked_at_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_LOGGING_H_
