#include "daemon/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <vector>

#include "daemon/admin.h"

namespace tocsin {
namespace {

constexpr int kScrapeSeconds = 10;  // Prometheus's default patience
constexpr size_t kLargeBytes = size_t{8} << 20;

// A connection that is closed when it goes.
class Client {
 public:
  explicit Client(int port, int receive_bytes = 0) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_bytes > 0) {
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    const timeval patience{.tv_sec = kScrapeSeconds, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{.sin_family = AF_INET,
                        .sin_port = htons(static_cast<uint16_t>(port)),
                        .sin_addr = {htonl(INADDR_LOOPBACK)}};
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (socket_ >= 0) close(socket_);
  }

  void Send(std::string_view text) const {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  std::string Receive() const {
    std::string all;
    std::array<char, 4096> part;
    for (ssize_t size = 0; (size = recv(socket_, part.data(), part.size(), 0)) > 0;) {
      all.append(part.data(), size);
    }
    return all;
  }

 private:
  int socket_;
};

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = HttpServer::Listen(
        "127.0.0.1:0",
        {{"/small", [] { return HttpAnswer{.body = "here\n"}; }},
         {"/large", [] { return HttpAnswer{.body = std::string(kLargeBytes, 'x')}; }},
         {"/sick", [] { return HttpAnswer{.code = 503, .body = "no\n"}; }}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::string Ask(const std::string& request) const {
    const Client client(server_->port());
    client.Send(request + "\r\nHost: test\r\n\r\n");
    return client.Receive();
  }

  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersWhatItIsGivenAndNothingElse) {
  struct Case {
    const char* request;
    const char* begin;
    const char* end;
  };
  for (const auto& [request, begin, end] : std::initializer_list<Case>{
           {"GET /small HTTP/1.1", "HTTP/1.1 200 OK\r\n", "\r\n\r\nhere\n"},
           {"GET /small?a=b HTTP/1.0", "HTTP/1.1 200 OK\r\n", "\r\n\r\nhere\n"},
           {"HEAD /small HTTP/1.1", "HTTP/1.1 200 OK\r\n", "\r\n\r\n"},
           {"GET /sick HTTP/1.1", "HTTP/1.1 503 Service Unavailable\r\n", "\r\n\r\nno\n"},
           {"GET / HTTP/1.1", "HTTP/1.1 404 Not Found\r\n", "}\n"},
           {"GET /small/x HTTP/1.1", "HTTP/1.1 404 Not Found\r\n", "}\n"},
           {"GET /../etc/passwd HTTP/1.1", "HTTP/1.1 404 Not Found\r\n", "}\n"},
           {"POST /small HTTP/1.1", "HTTP/1.1 405 Method Not Allowed\r\n", "}\n"},
           {"PUT /small HTTP/1.1", "HTTP/1.1 405 Method Not Allowed\r\n", "}\n"},
       }) {
    const std::string answer = Ask(request);
    EXPECT_TRUE(answer.starts_with(begin)) << request << ": " << answer;
    EXPECT_TRUE(answer.ends_with(end)) << request << ": " << answer;
  }
}

TEST_F(HttpServerTest, AnAddressInUseIsAnErrorThatNamesIt) {
  const std::string address = "127.0.0.1:" + std::to_string(server_->port());
  const auto second = HttpServer::Listen(address, {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(second.status().message().find(address), absl::string_view::npos) << second.status();
}

struct HostileCase {
  const char* name;
  const char* request;
  int clients = 50;
  int receive_bytes = 0;  // what the kernel takes for a client that reads nothing
};

class HostileTest : public HttpServerTest, public testing::WithParamInterface<HostileCase> {};

TEST_P(HostileTest, CannotKeepAScrapeFromItsAnswer) {
  std::vector<Client> hostile;
  for (int i = 0; i < GetParam().clients; ++i) {
    hostile.emplace_back(server_->port(), GetParam().receive_bytes);
    hostile.back().Send(GetParam().request);
  }
  const auto began = std::chrono::steady_clock::now();
  const std::string answer = Ask("GET /small HTTP/1.1");
  const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - began;
  EXPECT_TRUE(answer.ends_with("here\n")) << "within " << kScrapeSeconds << " s: " << answer;
  RecordProperty("milliseconds", static_cast<int>(waited.count() * 1e3));
}

INSTANTIATE_TEST_SUITE_P(
    Clients, HostileTest,
    testing::ValuesIn<HostileCase>({
        {"SayNothing", ""},
        {"SendHalfALine", "GET /sma"},
        {"SendHalfAHeader", "GET /small HTTP/1.1\r\nHost: te"},
        {"PromiseABody", "POST /small HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n"},
        {"PromiseChunks", "POST /x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"ReadNothing", "GET /large HTTP/1.1\r\nHost: test\r\n\r\n", 50, 1024},
        {"SendHalfALineAndAreMoreThanThreads", "GET /sma", 150},
    }),
    [](const auto& tested) { return tested.param.name; });

TEST(Admin, AnswersMetricsLivenessAndReadiness) {
  std::vector<Counters> workers(1);
  const std::stop_source stop;
  Admin admin(Config(), &workers, stop.get_token());
  ASSERT_TRUE(admin.Listen("127.0.0.1:0").ok());
  const auto get = [&](const std::string& path) {
    const Client client(admin.port());
    client.Send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    return client.Receive();
  };
  EXPECT_NE(get("/metrics").find("\ntocsin_ready 0\n"), std::string::npos);
  EXPECT_NE(get("/livez").find("200 OK"), std::string::npos);
  EXPECT_NE(get("/readyz").find("503 Service Unavailable"), std::string::npos);
  EXPECT_NE(get("/readyz").find(R"({"ready":false,"reasons":["starting)"), std::string::npos);
}

TEST(Admin, OffListensNowhere) {
  std::vector<Counters> workers(1);
  Admin admin(Config(), &workers, std::stop_token());
  EXPECT_TRUE(admin.Listen("off").ok());
  EXPECT_EQ(admin.port(), 0);
}

}  // namespace
}  // namespace tocsin
