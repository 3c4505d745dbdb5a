#include "daemon/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace tocsin {
namespace {

constexpr double kNanosecond = 1e-9;

// proc_pid_stat(5), counted from the field behind the command, which is the third.
constexpr size_t kUserTicks = 14 - 3;
constexpr size_t kSystemTicks = 15 - 3;
constexpr size_t kStartTicks = 22 - 3;
constexpr size_t kVirtualBytes = 23 - 3;
constexpr size_t kResidentPages = 24 - 3;

double Now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * kNanosecond;
}

// A process may have any name: what follows the last parenthesis is numbers, but for the first.
std::vector<double> StatFields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const size_t name_end = line.rfind(") ");
  if (name_end == std::string::npos) return {};
  std::istringstream words(line.substr(name_end + 4));
  return {std::istream_iterator<double>(words), {}};
}

uint64_t OpenFds() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return 0;
  return std::distance(begin(files), end(files)) - 1;  // one of them is this look
}

}  // namespace

ProcessUsage ReadProcessUsage() {
  ProcessUsage usage;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) usage.max_fds = files.rlim_cur;
  usage.open_fds = OpenFds();
  const std::vector<double> fields = StatFields();
  const auto field = [&](size_t number) { return fields[number - 1]; };
  if (fields.size() < kResidentPages) return usage;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  usage.cpu_seconds = (field(kUserTicks) + field(kSystemTicks)) / ticks;
  // The boot time that /proc/stat has may be hidden.
  static const double kBooted = Now(CLOCK_REALTIME) - Now(CLOCK_BOOTTIME);
  usage.started = kBooted + field(kStartTicks) / ticks;
  usage.virtual_bytes = static_cast<uint64_t>(field(kVirtualBytes));
  usage.resident_bytes =
      static_cast<uint64_t>(field(kResidentPages)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return usage;
}

}  // namespace tocsin
