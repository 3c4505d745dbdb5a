#include "daemon/notify.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>

namespace tocsin::notify {
namespace {

void Send(const std::string& state) { static_cast<void>(sd_notify(0, state.c_str())); }

}  // namespace

void Ready() { Send("READY=1"); }

// systemd compares the time with that of the signal it sent: the steady clock is CLOCK_MONOTONIC.
void Reloading() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  Send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                   std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

void Stopping() { Send("STOPPING=1"); }

void Status(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');  // a new line would be another assignment
  Send(fmt::format("STATUS={}", text));
}

void Watchdog() { Send("WATCHDOG=1"); }

void ExtendTimeout(std::chrono::microseconds by) {
  Send(fmt::format("EXTEND_TIMEOUT_USEC={}", by.count()));
}

}  // namespace tocsin::notify
