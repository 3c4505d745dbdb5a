#include "pipeline/alert/alert_encoder.h"

#include <absl/time/time.h>
#include <fmt/format.h>

#include "pipeline/publish/json_writer.h"

namespace tocsin {
namespace {

constexpr std::string_view kFirst = "tocsin.mention.first";
constexpr std::string_view kRetracted = "tocsin.mention.retracted";

std::string Rfc3339(int64_t time_ms) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(time_ms),
                          absl::UTCTimeZone());
}

void AppendMember(std::string_view name, std::string_view text, std::string* json) {
  json->append(",\"").append(name).append("\":");
  AppendJsonString(text, json);
}

std::string ValueOf(const Mention& mention, const std::string& alerted) {
  std::string json = fmt::format(R"({{"schema_version":1,"story":"{:016x}")", mention.story);
  AppendMember("topic", mention.topic, &json);
  json += R"(,"rules":[)";
  for (const std::string_view rule : mention.rules) {
    if (json.back() != '[') json.push_back(',');
    AppendJsonString(rule, &json);
  }
  json.push_back(']');
  AppendMember("headline", mention.headline, &json);
  AppendMember("sentence", mention.sentence, &json);
  AppendMember("url", mention.url, &json);
  AppendMember("source", mention.source, &json);
  AppendMember("language", mention.language, &json);
  AppendMember("article", mention.article, &json);
  if (mention.published.empty()) {
    json += R"(,"published":null)";
  } else {
    AppendMember("published", mention.published, &json);
  }
  AppendMember("seen", Rfc3339(mention.seen_ms), &json);
  AppendMember("alerted", alerted, &json);
  if (!mention.reason.empty()) AppendMember("reason", mention.reason, &json);
  json.push_back('}');
  return json;
}

}  // namespace

OutputRecord AlertEncoder::Encode(const Record& record, const Mention& mention,
                                  int64_t alerted_ms) {
  const std::string type(mention.reason.empty() ? kFirst : kRetracted);
  const std::string alerted = Rfc3339(alerted_ms);
  OutputRecord output;
  output.kafka_topic = options_.kafka_topic;
  output.key = fmt::format("{:016x}", mention.story);
  output.value = ValueOf(mention, alerted);
  output.timestamp_ms = alerted_ms;
  output.headers = {
      {"ce_specversion", "1.0"},
      {"ce_id", event_ids_.Hash({.cluster = options_.cluster,
                                 .kafka_topic = record.kafka_topic,
                                 .partition = record.partition,
                                 .offset = record.offset,
                                 .article_index = 0,
                                 .tag = type})},
      {"ce_type", type},
      {"ce_source", fmt::format("/tocsin/{}/{}", options_.cluster, record.kafka_topic)},
      {"ce_time", alerted},
      {"content-type", "application/json"},
      {"tocsin_topic", std::string(mention.topic)},
  };
  return output;
}

}  // namespace tocsin
