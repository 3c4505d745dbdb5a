#include "daemon/logging.h"

#include <absl/time/time.h>
#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/uio.h>
// CODE_FILE and CODE_LINE would be of this file, whoever logs.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "pipeline/log.h"
#include "pipeline/publish/json_writer.h"

namespace tocsin {
namespace {

constexpr size_t kKindsMax = 1000;
constexpr auto kLookEvery = std::chrono::seconds(1);

bool IsNumber(std::string_view field) { return field == "PARTITION" || field == "OFFSET"; }

// What two repetitions have in common.
std::string KindOf(const LogLine& line) {
  std::string kind(1, static_cast<char>('0' + line.level));
  for (const char c : line.message) {
    const bool is_digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!is_digit) kind += c;
    if (is_digit && kind.back() != '#') kind += '#';
  }
  return kind;
}

std::string TimeOf(const LogLine& line) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromChrono(line.time), absl::UTCTimeZone());
}

std::string_view NameOf(spdlog::level::level_enum level) {
  const auto name = spdlog::level::to_string_view(level);
  return {name.data(), name.size()};
}

int PriorityOf(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical:
      return 2;
    case spdlog::level::err:
      return 3;
    case spdlog::level::warn:
      return 4;
    case spdlog::level::info:
      return 6;
    default:
      return 7;
  }
}

bool SendToJournal(const LogLine& line) {
  std::vector<std::string> entries = {fmt::format("MESSAGE={}", line.message),
                                      fmt::format("PRIORITY={}", PriorityOf(line.level)),
                                      "SYSLOG_IDENTIFIER=tocsin"};
  for (const auto& [name, value] : line.fields) {
    entries.push_back(fmt::format("{}={}", name, value));
  }
  std::vector<iovec> vectors;
  vectors.reserve(entries.size());
  for (std::string& entry : entries) {
    vectors.push_back({.iov_base = entry.data(), .iov_len = entry.size()});
  }
  return sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size())) == 0;
}

// As systemd.exec(5) says: the device and inode of the stream that it has connected.
bool StandardErrorIsJournal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat found{};
  if (stream == nullptr || fstat(STDERR_FILENO, &found) != 0) return false;
  return fmt::format("{}:{}", found.st_dev, found.st_ino) == stream;
}

class Sink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  Sink(bool is_journal, bool is_json)
      : is_journal_(is_journal),
        is_json_(is_json),
        limit_([this](const LogLine& line) { Write(line); }) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    LogLine line = ParseLogLine({message.payload.data(), message.payload.size()});
    line.level = message.level;
    line.time = message.time;
    limit_.Advance(line.time);
    limit_.Add(line);
  }

  void flush_() override { limit_.Advance(std::chrono::system_clock::now()); }

 private:
  void Write(const LogLine& line) const {
    if (is_journal_ && SendToJournal(line)) return;
    const std::string text = (is_json_ ? JsonLine(line) : TextLine(line)) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
  }

  const bool is_journal_;
  const bool is_json_;
  RepeatLimit limit_;
};

}  // namespace

LogLine ParseLogLine(std::string_view payload) {
  LogLine line;
  size_t end = payload.find(log::kMark);
  line.message = std::string(payload.substr(0, end));
  while (end != std::string_view::npos) {
    payload.remove_prefix(end + 1);
    end = payload.find(log::kMark);
    const std::string_view field = payload.substr(0, end);
    const size_t equals = field.find('=');
    if (equals == std::string_view::npos) continue;
    line.fields.emplace_back(field.substr(0, equals), field.substr(equals + 1));
  }
  return line;
}

std::string JsonLine(const LogLine& line) {
  std::string json =
      fmt::format(R"({{"time":"{}","level":"{}","message":)", TimeOf(line), NameOf(line.level));
  AppendJsonString(line.message, &json);
  for (const auto& [name, value] : line.fields) {
    json += fmt::format(R"(,"{}":)", name);
    if (IsNumber(name)) {
      json += value;
    } else {
      AppendJsonString(value, &json);
    }
  }
  return json + "}";
}

std::string TextLine(const LogLine& line) {
  return fmt::format("{} {} {}", TimeOf(line), NameOf(line.level), line.message);
}

void RepeatLimit::Add(const LogLine& line) {
  std::string name = KindOf(line);
  const auto found = kinds_.find(name);
  if (found == kinds_.end()) {
    if (kinds_.size() < kKindsMax) {
      kinds_.emplace(std::move(name), Kind{.last = line, .since = line.time, .written = 1});
    }
    write_(line);
    return;
  }
  Kind& kind = found->second;
  if (kind.written < kRepeatedMax) {
    ++kind.written;
    write_(line);
    return;
  }
  ++kind.held_back;
  kind.last = line;
}

void RepeatLimit::Advance(std::chrono::system_clock::time_point now) {
  if (now >= looked_at_ && now - looked_at_ < kLookEvery) return;
  looked_at_ = now;
  for (auto each = kinds_.begin(); each != kinds_.end();) {
    Kind& kind = each->second;
    // A clock that was set back ends a window, too.
    if (now >= kind.since && now - kind.since < kRepeatWindow) {
      ++each;
      continue;
    }
    if (kind.held_back > 0) {
      const auto window = std::chrono::duration_cast<std::chrono::seconds>(now - kind.since);
      kind.last.message +=
          fmt::format(" (repeated {} times in {} s)", kind.held_back, window.count());
      write_(kind.last);
    }
    each = kinds_.erase(each);
  }
}

bool UseLogFormat(LogFormat format) {
  const bool is_journal = format == LogFormat::kAuto && StandardErrorIsJournal();
  auto logger = std::make_shared<spdlog::logger>(
      "tocsin", std::make_shared<Sink>(is_journal, format == LogFormat::kJson));
  spdlog::set_default_logger(std::move(logger));
  return !is_journal && format != LogFormat::kJson;
}

}  // namespace tocsin
