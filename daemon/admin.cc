#include "daemon/admin.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {

Admin::Admin(const Config& config, std::vector<Counters>* workers, std::stop_token stop)
    : health(workers, std::move(stop)), metrics(config, workers, &health, &reloads) {}

absl::Status Admin::Listen(const std::string& address, HttpServer::Pages pages) {
  if (address == "off") return absl::OkStatus();
  pages["/metrics"] = [this] {
    return HttpAnswer{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                      .body = metrics.Text()};
  };
  pages["/livez"] = [] { return HttpAnswer{.body = "{\"live\":true}\n"}; };
  pages["/readyz"] = [this] {
    const std::vector<std::string> reasons = health.Reasons();
    return HttpAnswer{.code = reasons.empty() ? 200 : 503, .body = ReadinessJson(reasons)};
  };
  ASSIGN_OR_RETURN(server_, HttpServer::Listen(address, std::move(pages)));
  spdlog::info("metrics and health: http://{}/metrics", address);
  return absl::OkStatus();
}

}  // namespace tocsin
