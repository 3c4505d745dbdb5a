#include "daemon/status_line.h"

#include <fmt/format.h>

namespace tocsin {

std::string StatusLine::Render(const Totals& totals, const Reloader::State& reloads,
                               Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - last_at_).count();
  const auto rate = [&](uint64_t count, uint64_t before) {
    return seconds > 0 ? static_cast<double>(count - before) / seconds : 0.0;
  };
  std::string line = fmt::format("{:.0f} records/s, {:.0f} matched/s; {} dead letters",
                                 rate(totals.consumed, last_.consumed),
                                 rate(totals.matched, last_.matched), totals.dead_lettered);
  if (!reloads.last.ok()) {
    line += fmt::format("; RELOAD FAILED: {}", std::string(reloads.last.message()));
  }
  last_ = totals;
  last_at_ = now;
  return line;
}

}  // namespace tocsin
