#include "pipeline/notify/cloud_event.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

constexpr char kValue[] = R"({"schema_version":1,"headline":"„Waffenruhe“ é","huge":1e999})";

std::vector<Header> Headers() {
  return {{"ce_specversion", "1.0"},
          {"ce_id", "8f14e45fceea167a"},
          {"ce_source", "kafka/news.ceasefire/3"},
          {"ce_type", "tocsin.mention.first"},
          {"ce_time", "2026-11-22T09:00:00.000Z"},
          {"content-type", "application/json"},
          {"tocsin_topic", "ceasefire"}};
}

absl::StatusOr<CloudEvent> Convert(const std::vector<Header>& headers, std::string_view value) {
  Record record;
  record.headers = tocsin::Headers(headers);
  record.value = value;
  return ToCloudEvent(record);
}

TEST(CloudEventTest, IsStructuredJsonWithTheValueByteForByte) {
  const auto event = Convert(Headers(), kValue);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->id, "8f14e45fceea167a");
  EXPECT_EQ(event->json,
            std::string(R"({"specversion":"1.0","id":"8f14e45fceea167a",)"
                        R"("source":"kafka/news.ceasefire/3","type":"tocsin.mention.first",)"
                        R"("time":"2026-11-22T09:00:00.000Z","datacontenttype":"application/json",)"
                        R"("data":)") +
                kValue + "}");
}

TEST(CloudEventTest, AttributesAreEscapedAndExtensionsKept) {
  std::vector<Header> headers = Headers();
  headers.push_back({"ce_desk1", "a \"b\"\n"});
  headers[5].value = "application/json; charset=utf-8";
  const auto event = Convert(headers, "{}");
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_NE(event->json.find(R"("desk1":"a \"b\"\n")"), std::string::npos) << event->json;
}

struct BadEvent {
  std::string name;
  size_t header = 0;
  Header replacement;
  std::string value = "{}";
};

class BadEventTest : public testing::TestWithParam<BadEvent> {};

TEST_P(BadEventTest, IsRefused) {
  std::vector<Header> headers = Headers();
  headers[GetParam().header] = GetParam().replacement;
  const auto event = Convert(headers, GetParam().value);
  EXPECT_EQ(event.status().code(), absl::StatusCode::kInvalidArgument);
}

const Header kVersion{"ce_specversion", "1.0"};

INSTANTIATE_TEST_SUITE_P(Records, BadEventTest,
                         testing::ValuesIn<BadEvent>({
                             {"AnotherVersion", 0, {"ce_specversion", "0.3"}},
                             {"NoVersion", 0, {"x", "1.0"}},
                             {"NoId", 1, {"x", "1"}},
                             {"EmptyId", 1, {"ce_id", ""}},
                             {"NullId", 1, {"ce_id", std::nullopt}},
                             {"IdThatEndsItsHeader", 1, {"ce_id", "1\r\nx-admin: yes"}},
                             {"IdWithAFullStop", 1, {"ce_id", "1.2"}},
                             {"NoSource", 2, {"x", "1"}},
                             {"NoType", 3, {"x", "1"}},
                             {"TwoIds", 4, {"ce_id", "2"}},
                             {"AttributeNamedData", 4, {"ce_data", "2"}},
                             {"NameBeyondLettersAndDigits", 4, {"ce_a_b", "2"}},
                             {"AttributeThatIsNoUtf8", 4, {"ce_a", "\xff"}},
                             {"NotJson", 5, {"content-type", "text/plain"}},
                             {"Structured", 5, {"content-type", "application/cloudevents+json"}},
                             {"ValueCutOff", 0, kVersion, R"({"a":)"},
                             {"ValueThatWouldAddAMember", 0, kVersion, R"({},"specversion":"2.0")"},
                             {"ValueThatIsNoUtf8", 0, kVersion, "\"\xff\""},
                             {"EmptyValue", 0, kVersion, ""},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace tocsin
