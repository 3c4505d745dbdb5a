// A few pages, answered over HTTP whatever else clients do.
//
//   ASSIGN_OR_RETURN(const auto server, HttpServer::Listen("127.0.0.1:9464", {
//       {"/livez", [] { return HttpAnswer{.body = "{}\n"}; }}}));
//
// Shape     GET and HEAD of the paths that it is given; 404 for others, 405 for other methods. A
//           connection serves one request. A client holds one of kThreads threads for as long as it
//           takes to send its request or to take the answer, and no longer than kTimeout for
//           either; so many slow clients, and more in the queue, delay a page by some seconds.
// Cost      a thread that waits costs some kilobytes. Destruction takes up to 2 s: civetweb looks
//           no more often whether it is to stop.
// Errors    Listen: Unavailable, naming the address: it is in use, or none of ours.
// Threads   handlers run on the server's, several at a time.
// Lifetime  no handler runs once it is destroyed.
#ifndef TOCSIN_DAEMON_HTTP_SERVER_H_
#define TOCSIN_DAEMON_HTTP_SERVER_H_

#include <absl/status/statusor.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

struct mg_connection;
struct mg_context;

namespace tocsin {

struct HttpAnswer {
  int code = 200;
  std::string content_type = "application/json";
  std::string body;
};

class HttpServer {
 public:
  using Pages = std::map<std::string, std::function<HttpAnswer()>, std::less<>>;

  static constexpr int kThreads = 64;
  static constexpr int kTimeoutMs = 2000;

  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(const std::string& address,
                                                            Pages pages);

  int port() const;  // the first one: of use where the address asked for any, with 0

 private:
  struct Stop {
    void operator()(mg_context* context) const noexcept;
  };

  explicit HttpServer(Pages pages) : pages_(std::move(pages)) {}

  static int HandleRequest(mg_connection* connection) noexcept;
  HttpAnswer Answer(const char* method, const char* path) const;

  const Pages pages_;
  std::unique_ptr<mg_context, Stop> context_;  // last: its threads use the pages
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_HTTP_SERVER_H_
