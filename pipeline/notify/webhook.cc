#include "pipeline/notify/webhook.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <array>
#include <cstring>
#include <string_view>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr int kFinalMin = 200;  // below: an answer is still to come

struct UrlDeleter {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct TextDeleter {
  void operator()(char* text) const noexcept { curl_free(text); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;
using Text = std::unique_ptr<char, TextDeleter>;

std::string PartOf(CURLU* url, CURLUPart part) {
  char* found = nullptr;
  if (curl_url_get(url, part, &found, 0) != CURLUE_OK) return "";
  const Text owned(found);
  return owned.get();
}

Url Parse(const std::string& text) {
  Url url(curl_url());
  if (url != nullptr && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    url.reset();
  }
  return url;
}

List ToList(const std::vector<std::string>& headers) {
  List list;
  for (const std::string& header : headers) {
    curl_slist* const longer = curl_slist_append(list.get(), header.c_str());
    if (longer == nullptr) return nullptr;
    static_cast<void>(list.release());  // it is part of the longer one
    list.reset(longer);
  }
  return list;
}

template <typename Value>
absl::Status Set(CURL* curl, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(curl, option, value);
  if (code == CURLE_OK) return absl::OkStatus();
  return absl::InternalError(fmt::format("libcurl refuses option {}: {}", static_cast<int>(option),
                                         curl_easy_strerror(code)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Webhook>> Webhook::Create(WebhookOptions options) {
  RETURN_IF_ERROR(CheckWebhookUrl(options.url));
  static const CURLcode kInitialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* const curl = kInitialized == CURLE_OK ? curl_easy_init() : nullptr;
  std::unique_ptr<Webhook> webhook(new Webhook(std::move(options), curl));
  if (curl == nullptr) return absl::InternalError("libcurl does not start");
  RETURN_IF_ERROR(webhook->Configure());
  return webhook;
}

absl::Status Webhook::Configure() {
  CURL* const curl = curl_.get();
  RETURN_IF_ERROR(Set(curl, CURLOPT_URL, options_.url.c_str()));
  RETURN_IF_ERROR(Set(curl, CURLOPT_PROTOCOLS_STR, "http,https"));
  RETURN_IF_ERROR(Set(curl, CURLOPT_NOSIGNAL, 1L));  // there are other threads
  RETURN_IF_ERROR(Set(curl, CURLOPT_FOLLOWLOCATION, 0L));
  RETURN_IF_ERROR(
      Set(curl, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2}));  // NOLINT(google-runtime-int)
  RETURN_IF_ERROR(Set(curl, CURLOPT_PROXY, options_.proxy.c_str()));
  RETURN_IF_ERROR(Set(curl, CURLOPT_NOPROXY, ""));
  RETURN_IF_ERROR(Set(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L));  // a proxy's are no answer
  RETURN_IF_ERROR(Set(curl, CURLOPT_USERAGENT, options_.user_agent.c_str()));
  RETURN_IF_ERROR(Set(curl, CURLOPT_TCP_KEEPALIVE, 1L));
  const auto timeout_ms =
      static_cast<long>(options_.timeout.count());  // NOLINT(google-runtime-int)
  RETURN_IF_ERROR(Set(curl, CURLOPT_TIMEOUT_MS, timeout_ms));
  RETURN_IF_ERROR(Set(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms));
  RETURN_IF_ERROR(Set(curl, CURLOPT_HEADERFUNCTION, &TakeHeader));
  RETURN_IF_ERROR(Set(curl, CURLOPT_HEADERDATA, static_cast<void*>(this)));
  RETURN_IF_ERROR(Set(curl, CURLOPT_WRITEFUNCTION, &TakeBody));
  RETURN_IF_ERROR(Set(curl, CURLOPT_WRITEDATA, static_cast<void*>(this)));
  if (options_.ca_file.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(Set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr)));  // these only
  return Set(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
}

PostAnswer Webhook::Post(const CloudEvent& event) {
  progress_ = {};
  const int64_t timestamp = std::chrono::duration_cast<std::chrono::seconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count();
  std::vector<std::string> headers = {"Content-Type: application/cloudevents+json; charset=utf-8",
                                      "Expect:",  // never wait for leave to send the body
                                      "webhook-id: " + event.id,
                                      fmt::format("webhook-timestamp: {}", timestamp)};
  if (!options_.keys.empty()) {
    headers.push_back("webhook-signature: " + options_.keys.Sign(event.id, timestamp, event.json));
  }
  const List list = ToList(headers);
  if (list == nullptr) return {.error = "out of memory"};
  CURL* const curl = curl_.get();
  const auto size = static_cast<curl_off_t>(event.json.size());
  absl::Status status = Set(curl, CURLOPT_HTTPHEADER, list.get());
  if (status.ok()) status = Set(curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
  if (status.ok()) status = Set(curl, CURLOPT_POSTFIELDS, event.json.c_str());
  if (!status.ok()) return {.error = std::string(status.message())};
  PostAnswer answer = AnswerOf(curl_easy_perform(curl));
  // They do not outlive this call.
  static_cast<void>(Set(curl, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr)));
  static_cast<void>(Set(curl, CURLOPT_POSTFIELDS, static_cast<const char*>(nullptr)));
  return answer;
}

// Not libcurl's own words for what went wrong: they may quote the receiver.
PostAnswer Webhook::AnswerOf(CURLcode code) const {
  CURL* const curl = curl_.get();
  PostAnswer answer;
  long number = 0;  // NOLINT(google-runtime-int)
  if (progress_.has_headers) {
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &number);
    answer.status = static_cast<int>(number);
    curl_off_t seconds = 0;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) answer.retry_after = std::chrono::seconds(seconds);
    return answer;
  }
  answer.error = curl_easy_strerror(code);
  curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &number);
  if (code == CURLE_PEER_FAILED_VERIFICATION && number != X509_V_OK) {
    answer.error += fmt::format(" ({})", X509_verify_cert_error_string(number));
  }
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
  if (code == CURLE_COULDNT_CONNECT && number != 0) {
    answer.error += fmt::format(" ({})", std::strerror(static_cast<int>(number)));
  }
  return answer;
}

size_t Webhook::TakeHeader(char* line, size_t size, size_t count, void* self) noexcept {
  auto* const webhook = static_cast<Webhook*>(self);
  const std::string_view header(line, size * count);
  if (header == "\r\n" || header == "\n") {
    long status = 0;  // NOLINT(google-runtime-int)
    curl_easy_getinfo(webhook->curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= kFinalMin) webhook->progress_.has_headers = true;
  }
  return size * count;
}

size_t Webhook::TakeBody(char* /*bytes*/, size_t size, size_t count, void* self) noexcept {
  Progress& progress = static_cast<Webhook*>(self)->progress_;
  progress.body_bytes += size * count;
  return progress.body_bytes <= kBodyBytesMax ? size * count : 0;
}

absl::Status CheckWebhookUrl(const std::string& url) {
  const Url parsed = Parse(url);
  if (parsed != nullptr) {
    const std::string scheme = PartOf(parsed.get(), CURLUPART_SCHEME);
    if ((scheme == "https" || scheme == "http") && !PartOf(parsed.get(), CURLUPART_HOST).empty()) {
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError("a webhook is a URL such as https://desk.example/alerts");
}

std::string WebhookOrigin(const std::string& url) {
  const Url parsed = Parse(url);
  if (parsed == nullptr) return "";
  const std::string port = PartOf(parsed.get(), CURLUPART_PORT);
  return fmt::format("{}://{}{}{}", PartOf(parsed.get(), CURLUPART_SCHEME),
                     PartOf(parsed.get(), CURLUPART_HOST), port.empty() ? "" : ":", port);
}

}  // namespace tocsin
