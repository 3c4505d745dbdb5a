#include "pipeline/publish/encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/publish/json_writer.h"
#include "tests/pipeline/publish/publish_fixture.h"

namespace tocsin {
namespace {

using Format = EncoderOptions::Format;
using rules::Field;

constexpr std::string_view kJson = R"({ "title":"Ceasefire \u2014 now", "x":1.0 })";

Article TestArticle() {
  Article article;
  article.id = "a-1";
  article.document.title = "Ceasefire — now";
  article.document.body = "“Sanctions” hurt.\nNew sanctions lifted";
  article.json = kJson;
  return article;
}

class EncoderTest : public testing::Test {
 protected:
  std::vector<OutputRecord> Encode(const EncoderOptions& options, const Record& record) {
    std::vector<OutputRecord> out;
    Encoder(rule_set_, options).Encode(record, article_, matches_, &out);
    return out;
  }

  void AddTitleMatch(std::string_view rule) {
    AddMatch(*rule_set_, rule, {SpanOf(Field::kTitle, article_.document.title, "Ceasefire")},
             &matches_);
  }

  std::shared_ptr<const rules::RuleSet> rule_set_ = PublishTestRules();
  Article article_ = TestArticle();
  rules::Matches matches_;
};

std::optional<std::string> HeaderValue(const OutputRecord& record, std::string_view name) {
  for (const OutputHeader& header : record.headers) {
    if (header.name == name) return header.value;
  }
  return std::nullopt;
}

TEST_F(EncoderTest, NoMatchPublishesNothing) { EXPECT_TRUE(Encode({}, {}).empty()); }

TEST_F(EncoderTest, WithdrawnItIsToldUnderEveryTopicOnceWithTheRulesThatStillHold) {
  for (const char* status : {"canceled", "withheld"}) {
    article_.status = status;
    EXPECT_EQ(Encode({}, {}).size(), rule_set_->topics().size()) << status;
  }
  AddTitleMatch("ceasefire.mention");
  const std::vector<OutputRecord> out = Encode({}, {});
  ASSERT_EQ(out.size(), rule_set_->topics().size());
  std::set<std::string> kafka_topics;
  for (const OutputRecord& output : out) {
    EXPECT_TRUE(kafka_topics.insert(output.kafka_topic).second);
    EXPECT_EQ(output.value->find(R"("rules":[],"status":"withheld")") == std::string::npos,
              output.kafka_topic == "news.ceasefire");
  }
}

TEST_F(EncoderTest, EnvelopeIsExactlyAsDocumented) {
  AddTitleMatch("ceasefire.mention");
  const std::vector<OutputRecord> out = Encode({}, {});
  ASSERT_EQ(out.size(), 1);
  EXPECT_EQ(out[0].kafka_topic, "news.ceasefire");
  EXPECT_EQ(
      out[0].value,
      R"({"tocsin":{"schema_version":1,"topic":"ceasefire","codes":{"iptc":"medtop:20000056"},)"
      R"("ruleset":")" +
          rule_set_->version() +
          R"(","rules":[{"id":"ceasefire.mention","hits":1,"evidence":[{"field":"title",)"
          R"("start":0,"end":9,"exact":"Ceasefire","prefix":"","suffix":" — now"}]}]},)"
          R"("article":{ "title":"Ceasefire \u2014 now", "x":1.0 }})");
}

TEST_F(EncoderTest, OffsetsCountCodePointsAndQuotesAreEscaped) {
  article_.document.title = "🕊️ 停火 \"truce\"\t\x01";
  AddMatch(*rule_set_, "ceasefire.mention",
           {SpanOf(Field::kTitle, article_.document.title, "停火"),
            SpanOf(Field::kTitle, article_.document.title, "truce")},
           &matches_, 7);
  const std::vector<OutputRecord> out = Encode({}, {});
  ASSERT_EQ(out.size(), 1);
  EXPECT_NE(out[0].value->find(
                R"("hits":9,"evidence":[{"field":"title","start":3,"end":5,"exact":"停火",)"
                R"("prefix":"🕊️ ","suffix":" \"truce\"\t\u0001"},)"
                R"({"field":"title","start":7,"end":12,"exact":"truce",)"
                R"("prefix":"🕊️ 停火 \"","suffix":"\"\t\u0001"}]})"),
            std::string::npos)
      << *out[0].value;
}

TEST_F(EncoderTest, OneRecordATopicWithAllItsRules) {
  AddTitleMatch("ceasefire.mention");
  const std::string_view body = article_.document.body;
  AddMatch(*rule_set_, "sanctions.lifted", {SpanOf(Field::kBody, body, "sanctions lifted")},
           &matches_);
  AddMatch(*rule_set_, "sanctions.mention",
           {SpanOf(Field::kBody, body, "Sanctions"), SpanOf(Field::kBody, body, "sanctions")},
           &matches_);
  const std::vector<OutputRecord> out = Encode({.kafka_topic_template = "{topic}.x.{topic}"}, {});
  ASSERT_EQ(out.size(), 2);
  EXPECT_EQ(out[0].kafka_topic, "ceasefire.x.ceasefire");
  EXPECT_EQ(out[1].kafka_topic, "sanctions.x.sanctions");
  const size_t lifted = out[1].value->find(
      R"({"id":"sanctions.lifted","hits":1,"evidence":[{"field":"body","start":22,"end":38)");
  const size_t mention = out[1].value->find(
      R"({"id":"sanctions.mention","hits":2,"evidence":[{"field":"body","start":1,"end":10)");
  EXPECT_NE(mention, std::string::npos) << *out[1].value;
  EXPECT_LT(lifted, mention) << *out[1].value;
}

TEST_F(EncoderTest, ExperimentalRulesAreNeverPublished) {
  AddTitleMatch("ceasefire.trial");
  EXPECT_TRUE(Encode({}, {}).empty());
  matches_.Clear();
  AddTitleMatch("ceasefire.mention");
  AddTitleMatch("ceasefire.trial");
  const std::vector<OutputRecord> out = Encode({.format = Format::kPassthrough}, {});
  ASSERT_EQ(out.size(), 1);
  EXPECT_EQ(HeaderValue(out[0], "tocsin_rules"), "ceasefire.mention");
  EXPECT_EQ(Encode({}, {})[0].value->find("trial"), std::string::npos);
}

TEST_F(EncoderTest, OwnHeadersComeFirstThenTheRecordsOwn) {
  AddTitleMatch("ceasefire.mention");
  const std::vector<Header> headers = {
      {"trace", "1"},         {"trace", std::nullopt},    {"", ""},
      {"ce_id", "x"},         {"Content-Type", "text/x"}, {"content-encoding", std::nullopt},
      {"tocsin_topic", "no"}, {"src_ce_id", "earlier"},   {"src_port", "kept"},
      {"content-types", "c"}};
  const std::vector<OutputRecord> out =
      Encode({.cluster = "eu west/1"}, {.kafka_topic = "news.raw",
                                        .partition = 1,
                                        .offset = 2,
                                        .headers = Headers(headers),
                                        .timestamp_ms = 1'764'849'600'007});
  ASSERT_EQ(out.size(), 1);
  ASSERT_EQ(out[0].headers[1].name, "ce_id");
  const std::string ce_id = out[0].headers[1].value.value_or("");
  EXPECT_EQ(ce_id.size(), 32);
  const std::vector<OutputHeader> want = {
      {"ce_specversion", "1.0"},
      {"ce_id", ce_id},
      {"ce_type", "tocsin.article.tagged"},
      {"ce_source", "/tocsin/eu%20west%2F1/news.raw"},
      {"ce_time", "2025-12-04T12:00:00.007Z"},
      {"content-type", "application/json"},
      {"tocsin_topic", "ceasefire"},
      {"tocsin_ruleset", rule_set_->version()},
      {"trace", "1"},
      {"trace", std::nullopt},
      {"", ""},
      {"src_ce_id", "x"},
      {"src_Content-Type", "text/x"},
      {"src_content-encoding", std::nullopt},
      {"src_tocsin_topic", "no"},
      {"src_src_ce_id", "earlier"},
      {"src_port", "kept"},
      {"content-types", "c"},
  };
  EXPECT_EQ(out[0].headers, want);
  EXPECT_EQ(out[0].timestamp_ms, 1'764'849'600'007);
}

TEST_F(EncoderTest, ABackfillIsMarkedAndKeepsTheIdentityOfTheFirstTime) {
  AddTitleMatch("ceasefire.mention");
  const auto first = Encode({.cluster = "c"}, {.kafka_topic = "news.raw"});
  const auto again = Encode({.cluster = "c", .is_backfill = true}, {.kafka_topic = "news.raw"});
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(again.size(), 1U);
  std::vector<OutputHeader> want = first[0].headers;
  want.push_back({"tocsin_backfill", "true"});
  EXPECT_EQ(again[0].headers, want);
  EXPECT_EQ(again[0].value, first[0].value);
}

TEST_F(EncoderTest, ARecordWithoutTimestampHasNoEventTime) {
  AddTitleMatch("ceasefire.mention");
  const std::vector<OutputRecord> out = Encode({}, {.timestamp_ms = -1});
  EXPECT_EQ(HeaderValue(out[0], "ce_time"), std::nullopt);
  EXPECT_EQ(out[0].timestamp_ms, -1);
  EXPECT_EQ(HeaderValue(Encode({}, {.timestamp_ms = 0})[0], "ce_time"), "1970-01-01T00:00:00.000Z");
}

TEST_F(EncoderTest, KeyIsTheRecordsElseTheArticlesId) {
  AddTitleMatch("ceasefire.mention");
  EXPECT_EQ(Encode({}, {.key = "k"})[0].key, "k");
  EXPECT_EQ(Encode({}, {.key = std::string_view()})[0].key, "");
  EXPECT_EQ(Encode({}, {})[0].key, "a-1");
  article_.id = {};
  EXPECT_EQ(Encode({}, {})[0].key, std::nullopt);
}

TEST_F(EncoderTest, PassthroughKeepsTheValueAndPutsTagsInHeaders) {
  const std::string_view body = article_.document.body;
  AddMatch(*rule_set_, "sanctions.lifted", {SpanOf(Field::kBody, body, "sanctions lifted")},
           &matches_);
  AddMatch(*rule_set_, "sanctions.mention", {SpanOf(Field::kBody, body, "sanctions")}, &matches_);
  const std::string value = " " + std::string(kJson) + "\n";
  const std::vector<OutputRecord> out = Encode({.format = Format::kPassthrough}, {.value = value});
  ASSERT_EQ(out.size(), 1);
  EXPECT_EQ(out[0].value, value);
  EXPECT_EQ(HeaderValue(out[0], "tocsin_topic"), "sanctions");
  EXPECT_EQ(HeaderValue(out[0], "tocsin_rules"), "sanctions.lifted,sanctions.mention");
  EXPECT_EQ(Encode({.format = Format::kPassthrough}, {})[0].value, kJson);
}

TEST(EventId, IsStableAcrossReleases) {
  EventIdHasher hasher;
  const EventOrigin origin{.cluster = "eu-1",
                           .kafka_topic = "news.raw",
                           .partition = 3,
                           .offset = 17,
                           .article_index = 0,
                           .tag = "sanctions"};
  // printf '4:eu-1,8:news.raw,3,17,0,9:sanctions' | sha256sum | cut -c-32
  EXPECT_EQ(hasher.Hash(origin), "2ea02dd2b1adc851454dc5f011a68ebf");
  EXPECT_EQ(hasher.Hash(origin), "2ea02dd2b1adc851454dc5f011a68ebf");
}

TEST(EventId, DiffersWhenAnyPartDiffers) {
  EventIdHasher hasher;
  std::vector<std::string> ids;
  for (const EventOrigin& origin : std::vector<EventOrigin>{
           {.cluster = "a", .kafka_topic = "bc", .partition = 1, .offset = 23, .tag = "t"},
           {.cluster = "ab", .kafka_topic = "c", .partition = 1, .offset = 23, .tag = "t"},
           {.cluster = "a", .kafka_topic = "bc", .partition = 12, .offset = 3, .tag = "t"},
           {.cluster = "a", .kafka_topic = "bc", .partition = 1, .offset = 24, .tag = "t"},
           {.cluster = "a", .kafka_topic = "bc", .partition = 1, .offset = 23, .tag = "u"},
           {.cluster = "a",
            .kafka_topic = "bc",
            .partition = 1,
            .offset = 23,
            .article_index = 1,
            .tag = "t"}}) {
    ids.push_back(hasher.Hash(origin));
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

struct StringCase {
  std::string name;
  std::string text;
  std::string want;
};

class JsonString : public testing::TestWithParam<StringCase> {};

TEST_P(JsonString, EscapesWhatJsonDemandsAndNothingElse) {
  std::string out = "x";
  AppendJsonString(GetParam().text, &out);
  EXPECT_EQ(out, "x" + GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Text, JsonString,
                         testing::ValuesIn<StringCase>({
                             {"Empty", "", R"("")"},
                             {"Plain", "a/b'c\x7F", "\"a/b'c\x7F\""},
                             {"QuoteAndBackslash", R"("\)", R"("\"\\")"},
                             {"ShortForms", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
                             {"OtherControls", std::string("\0\x1F", 2), R"("\u0000\u001f")"},
                             {"EscapeBetweenRuns", "ab\ncd", R"("ab\ncd")"},
                             {"UnicodeAsItIs", "é停🔥\u2028", "\"é停🔥\u2028\""},
                         }),
                         [](const auto& test) { return test.param.name; });

TEST(JsonStrings, EscapesWhereverTheyStand) {
  const std::string plain = "abcdefghijklmnopqrst";
  for (const auto& [escaped, want] : std::vector<std::pair<std::string, std::string>>{
           {"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"é", "é"}}) {
    for (size_t at = 0; at <= plain.size(); ++at) {
      std::string out;
      AppendJsonString(plain.substr(0, at) + escaped + plain.substr(at), &out);
      EXPECT_EQ(out, "\"" + plain.substr(0, at) + want + plain.substr(at) + "\"");
    }
  }
}

TEST_F(EncoderTest, TruncatedItSaysWhereTheArticleIsInEitherFormat) {
  AddTitleMatch("ceasefire.mention");
  const Record record{.kafka_topic = "news.raw", .partition = 3, .offset = 17, .value = kJson};
  for (const auto format :
       {EncoderOptions::Format::kEnvelope, EncoderOptions::Format::kPassthrough}) {
    std::vector<OutputRecord> out;
    Encoder(rule_set_, {.format = format})
        .Encode(record, article_, matches_, &out, Encoder::Form::kTruncated);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_TRUE(out[0].value->ends_with(
        R"(],"truncated":true,"source":{"kafka_topic":"news.raw","partition":3,"offset":17}}})"))
        << *out[0].value;
    EXPECT_EQ(out[0].value->find("\"article\""), std::string::npos);
    EXPECT_EQ(HeaderValue(out[0], "tocsin_truncated"), "true");
  }
}

TEST_F(EncoderTest, TruncatedItSaysWhichOfTheRecordsArticlesItIs) {
  AddTitleMatch("ceasefire.mention");
  article_.is_whole_record = false;
  article_.index = 2;
  std::vector<OutputRecord> out;
  Encoder(rule_set_, {})
      .Encode({.kafka_topic = "news.raw", .partition = 3, .offset = 17}, article_, matches_, &out,
              Encoder::Form::kTruncated);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_TRUE(out[0].value->ends_with(R"("partition":3,"offset":17,"article":2}}})"))
      << *out[0].value;
}

TEST_F(EncoderTest, TheFirstArticleOfARecordHasTheIdOfALoneOneAndTheOthersHaveTheirOwn) {
  AddTitleMatch("ceasefire.mention");
  const Record record{.kafka_topic = "news.raw", .partition = 3, .offset = 17};
  const auto id = [&] { return HeaderValue(Encode({}, record)[0], "ce_id"); };
  const auto lone = id();
  article_.is_whole_record = false;
  EXPECT_EQ(id(), lone);
  article_.index = 1;
  EXPECT_NE(id(), lone);
}

TEST_F(EncoderTest, PassthroughOfOneOfSeveralArticlesIsThatArticle) {
  AddTitleMatch("ceasefire.mention");
  article_.is_whole_record = false;
  const auto out = Encode({.format = Format::kPassthrough}, {.value = R"({"articles":[]})"});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].value, kJson);
}

TEST_F(EncoderTest, TheEnvelopeSaysHowToReadTheArticleAndWhetherToUseIt) {
  AddTitleMatch("ceasefire.mention");
  article_.mapping = "ninjs";
  article_.embargoed = "2026-11-22T18:00:00Z";
  article_.status = "withheld";
  const std::string flagged =
      R"(],"mapping":"ninjs","embargoed":"2026-11-22T18:00:00Z","status":"withheld"},"article":)";
  EXPECT_NE(Encode({}, {})[0].value->find(flagged), std::string::npos);
  article_.status = "usable";
  EXPECT_EQ(Encode({}, {})[0].value->find(R"("status")"), std::string::npos);
}

TEST_F(EncoderTest, ATombstoneGoesToEveryTopicWithItsKeyAndNoValue) {
  std::vector<OutputRecord> out;
  Encoder(rule_set_, {}).EncodeTombstone({.kafka_topic = "news.raw", .key = "k"}, &out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0].kafka_topic, "news.ceasefire");
  EXPECT_EQ(out[1].kafka_topic, "news.sanctions");
  for (const OutputRecord& each : out) {
    EXPECT_EQ(each.key, "k");
    EXPECT_EQ(each.value, std::nullopt);
  }
}

}  // namespace
}  // namespace tocsin
