#include "pipeline/notify/signature.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

// By the openssl of a shell, and of Python's hmac.
constexpr char kKey[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char kSignature[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

std::string Sign(const std::string& keys) {
  const auto parsed = SigningKeys::Parse(keys);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok()
             ? parsed->Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})")
             : "";
}

TEST(SignatureTest, IsThatOfAnIndependentImplementation) { EXPECT_EQ(Sign(kKey), kSignature); }

TEST(SignatureTest, EachKeySigns) {
  EXPECT_EQ(Sign(std::string(kKey) + "\r\n\n" + kKey + "\n"),
            std::string(kSignature) + " " + kSignature);
}

TEST(SignatureTest, WithoutKeysThereIsNone) {
  EXPECT_EQ(Sign("\n"), "");
  EXPECT_TRUE(SigningKeys().empty());
}

struct BadKey {
  std::string name;
  std::string text;
};

class BadKeyTest : public testing::TestWithParam<BadKey> {};

TEST_P(BadKeyTest, IsRefusedAndNotQuoted) {
  const auto parsed = SigningKeys::Parse(GetParam().text);
  ASSERT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(parsed.status().message()).find("MfKQ"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, BadKeyTest,
    testing::ValuesIn<BadKey>({{"NoPrefix", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
                               {"NoBase64", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2Lal!!!"},
                               {"TooShort", "whsec_MfKQ9r8GKYqrTwjUPD8="},
                               {"OneOfTwo", std::string(kKey) + "\nwhsec_MfKQ"}}),
    [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace tocsin
