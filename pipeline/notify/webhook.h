// One receiver of alerts: a URL that events are posted to.
//
//   ASSIGN_OR_RETURN(auto webhook, Webhook::Create({.name = "desk", .url = url, .keys = keys}));
//   const PostAnswer answer = webhook->Post(event);      // 200, or 0 and why there is none
//
// Shape     one HTTP POST of structured CloudEvents JSON, with webhook-id (the event's),
//           webhook-timestamp and, if there are keys, webhook-signature. Connections are kept.
//           TLS is verified; redirects are not followed; proxies of the environment and ~/.netrc are
//           not looked at. The status line and headers are the answer: a body is read up to
//           kBodyBytesMax, for the sake of the connection, and thrown away.
// Cost      blocks for timeout at most, name resolution included.
// Errors    Create: InvalidArgument, as CheckWebhookUrl; Internal: libcurl lacks something. Post has
//           none: what goes wrong is an answer, without the URL, and without a word of the receiver's.
// Threads   one.
#ifndef TOCSIN_PIPELINE_NOTIFY_WEBHOOK_H_
#define TOCSIN_PIPELINE_NOTIFY_WEBHOOK_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "pipeline/notify/cloud_event.h"
#include "pipeline/notify/retry_policy.h"
#include "pipeline/notify/signature.h"

namespace tocsin {

// The seam between what is decided about posts and HTTP.
class Poster {
 public:
  virtual ~Poster() = default;
  virtual PostAnswer Post(const CloudEvent& event) = 0;
};

struct WebhookOptions {
  std::string name;  // for messages
  std::string url;
  SigningKeys keys = {};
  std::chrono::milliseconds timeout{15'000};
  std::string ca_file = {};  // PEM; empty: the system's
  std::string proxy = {};    // empty: none
  std::string user_agent = "tocsin";
};

class Webhook final : public Poster {
 public:
  static constexpr size_t kBodyBytesMax = size_t{64} << 10;

  static absl::StatusOr<std::unique_ptr<Webhook>> Create(WebhookOptions options);

  PostAnswer Post(const CloudEvent& event) override;

 private:
  struct CurlDeleter {
    void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
  };

  // Of one post.
  struct Progress {
    bool has_headers = false;
    size_t body_bytes = 0;
  };

  Webhook(WebhookOptions options, CURL* curl) : options_(std::move(options)), curl_(curl) {}

  static size_t TakeHeader(char* line, size_t size, size_t count, void* self) noexcept;
  static size_t TakeBody(char* bytes, size_t size, size_t count, void* self) noexcept;

  absl::Status Configure();
  PostAnswer AnswerOf(CURLcode code) const;

  const WebhookOptions options_;
  Progress progress_;
  std::unique_ptr<CURL, CurlDeleter> curl_;
};

// InvalidArgument: no URL of http or https with a host; the message does not quote it.
absl::Status CheckWebhookUrl(const std::string& url);

// https://host:8443 — what may be shown of a URL: its path and query may be what authorizes.
std::string WebhookOrigin(const std::string& url);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NOTIFY_WEBHOOK_H_
