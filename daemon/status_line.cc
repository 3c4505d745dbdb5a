#include "daemon/status_line.h"

#include <fmt/format.h>

namespace tocsin {

std::string StatusLine::Render(const Totals& totals, const std::string& reload_failure,
                               Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - last_at_).count();
  const auto rate = [&](uint64_t count, uint64_t before) {
    return seconds > 0 ? static_cast<double>(count - before) / seconds : 0.0;
  };
  std::string line =
      fmt::format("{:.0f} records/s, {:.0f} matched/s, lag {}; {} dead letters",
                  rate(totals.consumed, last_.consumed), rate(totals.matched, last_.matched),
                  totals.lag, totals.dead_lettered);
  if (!reload_failure.empty()) line += fmt::format("; RELOAD FAILED: {}", reload_failure);
  last_ = totals;
  last_at_ = now;
  return line;
}

}  // namespace tocsin
