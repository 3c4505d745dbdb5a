// The process dies, or stands still, at a chosen step of the protocol:
//
//   TOCSIN_FAULT=before_end_transaction:3:kill tocsin_faulty run --config ...
//
// the third time that step is reached, counted over all workers. kill: SIGKILL. stop: SIGSTOP. hang: the worker
// goes on no more, and the others do.
#include <absl/strings/numbers.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "pipeline/fault_points.h"

namespace tocsin::fault {
namespace {

constexpr std::string_view kNames[] = {
    "poll",
    "begin",
    "produce",
    "mid_fan_out",
    "before_send_offsets",
    "after_send_offsets",
    "before_end_transaction",
    "after_end_transaction",
    "before_abort",
    "before_rewind",
    "after_rewind",
    "before_recycle",
    "after_recycle",
};

struct Fault {
  std::string point;
  int nth = 0;
  int signal = SIGKILL;  // 0: none
};

Fault ReadFault() {
  const char* const text = std::getenv("TOCSIN_FAULT");
  Fault fault;
  if (text == nullptr) return fault;
  const std::string all(text);
  const size_t first = all.find(':');
  const size_t second = all.find(':', first + 1);
  if (second == std::string::npos) std::abort();
  fault.point = all.substr(0, first);
  if (!absl::SimpleAtoi(all.substr(first + 1, second - first - 1), &fault.nth)) std::abort();
  if (all.substr(second + 1) == "stop") fault.signal = SIGSTOP;
  if (all.substr(second + 1) == "hang") fault.signal = 0;
  return fault;
}

}  // namespace

void Reach(Point point) {
  static const Fault kFault = ReadFault();
  static std::atomic<int> times = 0;
  if (kNames[static_cast<size_t>(point)] != kFault.point) return;
  if (++times != kFault.nth) return;
  if (kFault.signal != 0) std::raise(kFault.signal);
  while (kFault.signal == 0) std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace tocsin::fault
