#include "daemon/http_server.h"

#include <civetweb.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <exception>
#include <string_view>

namespace tocsin {
namespace {

constexpr size_t kErrorBytes = 256;

const char* ReasonPhrase(int code) {
  switch (code) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

int HandleLog(const mg_connection* /*connection*/, const char* message) noexcept {
  spdlog::debug("http: {}", message);
  return 1;
}

}  // namespace

void HttpServer::Stop::operator()(mg_context* context) const noexcept { mg_stop(context); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(const std::string& address,
                                                               Pages pages) {
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(pages)));
  const std::string threads = std::to_string(kThreads);
  const std::string timeout_ms = std::to_string(kTimeoutMs);
  std::array<const char*, 15> options = {"listening_ports",
                                         address.c_str(),
                                         "num_threads",
                                         threads.c_str(),
                                         "connection_queue",
                                         threads.c_str(),
                                         "request_timeout_ms",
                                         timeout_ms.c_str(),
                                         "linger_timeout_ms",
                                         timeout_ms.c_str(),
                                         "max_request_size",
                                         "8192",
                                         "enable_directory_listing",
                                         "no",
                                         nullptr};
  mg_callbacks callbacks{};
  callbacks.begin_request = &HandleRequest;
  callbacks.log_message = &HandleLog;
  std::array<char, kErrorBytes> words{};
  mg_init_data init{
      .callbacks = &callbacks, .user_data = server.get(), .configuration_options = options.data()};
  mg_error_data error{};  // its members differ between versions
  error.text = words.data();
  error.text_buffer_size = words.size();
  server->context_.reset(mg_start2(&init, &error));
  if (server->context_ == nullptr) {
    return absl::UnavailableError(
        fmt::format("http_listen: {} cannot be listened on: {}; name another address, or off",
                    address, words.data()));
  }
  return server;
}

int HttpServer::port() const {
  mg_server_port port{};
  return mg_get_server_ports(context_.get(), 1, &port) == 1 ? port.port : 0;
}

int HttpServer::HandleRequest(mg_connection* connection) noexcept {
  const mg_request_info* const request = mg_get_request_info(connection);
  const auto* const server = static_cast<const HttpServer*>(request->user_data);
  const HttpAnswer answer = server->Answer(request->request_method, request->local_uri);
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
      "Connection: close\r\n\r\n",
      answer.code, ReasonPhrase(answer.code), answer.content_type, answer.body.size());
  if (std::string_view(request->request_method) != "HEAD") text += answer.body;
  mg_write(connection, text.data(), text.size());
  return answer.code;
}

HttpAnswer HttpServer::Answer(const char* method, const char* path) const {
  const std::string_view verb = method;
  const auto page = pages_.find(std::string_view(path == nullptr ? "" : path));
  if (page == pages_.end()) return {.code = 404, .body = "{\"error\":\"no such page\"}\n"};
  if (verb != "GET" && verb != "HEAD") {
    return {.code = 405, .body = "{\"error\":\"GET and HEAD only\"}\n"};
  }
  return page->second();
}

}  // namespace tocsin
