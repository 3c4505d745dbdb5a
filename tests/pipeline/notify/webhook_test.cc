// What needs no server; tests/broker/notify_test.py has one.
#include "pipeline/notify/webhook.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

struct UrlCase {
  std::string name;
  std::string url;
  std::string origin;  // empty: it is refused
};

class WebhookUrlTest : public testing::TestWithParam<UrlCase> {};

TEST_P(WebhookUrlTest, IsTakenOrNotAndShownWithoutWhatAuthorizes) {
  const UrlCase& one = GetParam();
  const absl::Status status = CheckWebhookUrl(one.url);
  EXPECT_EQ(status.ok() ? WebhookOrigin(one.url) : "", one.origin) << status;
  EXPECT_EQ(std::string(status.message()).find("s3cret"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Urls, WebhookUrlTest,
                         testing::ValuesIn<UrlCase>({
                             {"Plain", "https://desk.example/alerts", "https://desk.example"},
                             {"EverythingElseIsHidden",
                              "https://u:s3cret@desk.example:8443/s3cret?t=s3cret#s3cret",
                              "https://desk.example:8443"},
                             {"Loopback", "http://[::1]:9000/", "http://[::1]:9000"},
                             {"AnotherScheme", "ftp://u:s3cret@desk.example/", ""},
                             {"File", "file:///etc/s3cret", ""},
                             {"NoScheme", "desk.example/s3cret", ""},
                             {"NoHost", "https://?s3cret", ""},
                             {"NoUrl", "s3cret s3cret", ""},
                             {"Empty", "", ""},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

// Nobody listens on a port that was free a moment ago; what libcurl says must not hold the URL.
TEST(WebhookTest, NoConnectionIsAnAnswerWithTheReasonAndWithoutTheUrl) {
  auto webhook = Webhook::Create({.name = "desk", .url = "http://u:s3cret@127.0.0.1:1/s3cret"});
  ASSERT_TRUE(webhook.ok()) << webhook.status();
  const PostAnswer answer = (*webhook)->Post({.id = "1", .json = "{}"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.error.find("refused"), std::string::npos) << answer.error;
  EXPECT_EQ(answer.error.find("s3cret"), std::string::npos) << answer.error;
}

}  // namespace
}  // namespace tocsin
