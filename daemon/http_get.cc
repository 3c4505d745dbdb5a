#include "daemon/http_get.h"

#include <absl/strings/numbers.h>
#include <civetweb.h>
#include <fmt/format.h>

#include <array>
#include <memory>

namespace tocsin {
namespace {

constexpr size_t kErrorBytes = 256;
constexpr int kTimeoutMs = 5000;

struct Close {
  void operator()(mg_connection* connection) const noexcept { mg_close_connection(connection); }
};

absl::Status Unavailable(const std::string& address, const char* why) {
  return absl::UnavailableError(
      fmt::format("nobody answers at {} (http_listen): {}", address, why));
}

}  // namespace

absl::StatusOr<std::string> HttpGet(const std::string& address, const std::string& path) {
  const size_t colon = address.rfind(':');
  std::string host = colon == std::string::npos ? "127.0.0.1" : address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  int port = 0;
  if (!absl::SimpleAtoi(address.substr(colon + 1), &port)) return Unavailable(address, "no port");
  std::array<char, kErrorBytes> words{};
  const std::unique_ptr<mg_connection, Close> connection(
      mg_connect_client(host.c_str(), port, 0, words.data(), words.size()));
  if (connection == nullptr) return Unavailable(address, words.data());
  mg_printf(connection.get(), "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path.c_str(), host.c_str());
  if (mg_get_response(connection.get(), words.data(), words.size(), kTimeoutMs) < 0) {
    return Unavailable(address, words.data());
  }
  const int code = mg_get_response_info(connection.get())->status_code;
  if (code != 200) {
    return absl::UnavailableError(fmt::format("{}{} answers {}", address, path, code));
  }
  std::string body;
  std::array<char, 4096> buffer;
  for (int size = 0; (size = mg_read(connection.get(), buffer.data(), buffer.size())) > 0;) {
    body.append(buffer.data(), static_cast<size_t>(size));
  }
  return body;
}

}  // namespace tocsin
