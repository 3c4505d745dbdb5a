// What becomes of a record with several articles.
#include "pipeline/article_handler.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/pipeline/publish/publish_fixture.h"

namespace tocsin {
namespace {

constexpr std::string_view kMention = R"({"url":"https://example.com/A","t":"A ceasefire"})";
constexpr std::string_view kNothing = R"({"url":"https://example.com/B","t":"Weather"})";
constexpr std::string_view kBadTitle = R"({"url":"https://example.com/C","t":["A ceasefire"]})";
constexpr std::string_view kNoTitle = R"({"url":"https://example.com/D"})";

class KeepingSink final : public Sink {
 public:
  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& output) override {
    outputs.push_back(output);
    return absl::OkStatus();
  }
  absl::Status PublishDeadLetter(const Record& /*origin*/, const DeadLetter& why) override {
    letters.push_back(why);
    return absl::OkStatus();
  }
  absl::Status Commit(Source& /*source*/, const Offsets& /*next*/) override {
    return absl::OkStatus();
  }
  absl::Status Abort() override { return absl::OkStatus(); }

  std::vector<OutputRecord> outputs;
  std::vector<DeadLetter> letters;
};

std::string HeaderOf(const OutputRecord& output, std::string_view name) {
  const auto found = std::find_if(output.headers.begin(), output.headers.end(),
                                  [name](const OutputHeader& each) { return each.name == name; });
  return found == output.headers.end() ? "" : found->value.value_or("");
}

// Articles with a number each, so that no two are the same.
std::string Numbered(const std::vector<std::string_view>& articles) {
  std::string json = R"({"list":[)";
  for (size_t i = 0; i < articles.size(); ++i) {
    if (i > 0) json += ",";
    std::string each(articles[i]);
    json += each.insert(each.find("/example.com/") + 13, std::to_string(i));
  }
  return json + "]}";
}

struct ListCase {
  std::string name;
  std::vector<std::string_view> articles;
  std::vector<size_t> published;  // their places
  std::string dead_letter;        // empty: none
};

class SeveralArticlesTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }

  absl::Status Handle(const Record& record) {
    MappingSpec spec{.name = "list", .articles = {*ParseSelector("/list/*")}};
    spec.Of(MappedField::kTitle) = {{.selectors = {*ParseSelector("/t")}}};
    spec.Of(MappedField::kUrl) = {{.selectors = {*ParseSelector("/url")}}};
    const auto mapping = Mapping::Compile(std::move(spec));
    if (!mapping.ok()) return mapping.status();
    auto matcher = Matcher::Create(rule_set_, &counters_);
    if (!matcher.ok()) return matcher.status();
    ArticleHandler handler({.mapping = *mapping}, &sink_,
                           RuleUse{*std::move(matcher), Encoder(rule_set_, {})}, &counters_);
    return handler.Handle(record, Remedy::kNone, "");
  }

  std::shared_ptr<const rules::RuleSet> rule_set_ = PublishTestRules();
  Counters counters_;
  KeepingSink sink_;
};

class ListTest : public SeveralArticlesTest, public testing::WithParamInterface<ListCase> {};

TEST_P(ListTest, EachArticleIsAnOutputOfItsOwnAndTheBadOnesAreOneDeadLetter) {
  const std::string json = Numbered(GetParam().articles);
  ASSERT_TRUE(Handle({.kafka_topic = "news.raw", .offset = 7, .value = json}).ok());
  ASSERT_EQ(sink_.outputs.size(), GetParam().published.size());
  std::set<std::string> ce_ids;
  std::set<std::string> keys;
  for (size_t i = 0; i < sink_.outputs.size(); ++i) {
    const OutputRecord& output = sink_.outputs[i];
    ce_ids.insert(HeaderOf(output, "ce_id"));
    keys.insert(output.key.value_or(""));
    const std::string url = "https://example.com/" + std::to_string(GetParam().published[i]) + "A";
    const std::string own = R"("article":{"url":")" + url + R"(","t":"A ceasefire"}})";
    EXPECT_TRUE(output.value && output.value->ends_with(own)) << output.value.value_or("");
  }
  EXPECT_EQ(ce_ids.size(), sink_.outputs.size());
  EXPECT_EQ(keys.size(), sink_.outputs.size()) << "without a key of the record, the article's id";
  EXPECT_FALSE(ce_ids.contains(""));
  EXPECT_FALSE(keys.contains(""));
  ASSERT_EQ(sink_.letters.size(), GetParam().dead_letter.empty() ? 0U : 1U);
  if (sink_.letters.empty()) return;
  EXPECT_EQ(sink_.letters[0].reason + ": " + sink_.letters[0].message, GetParam().dead_letter);
}

INSTANTIATE_TEST_SUITE_P(
    Lists, ListTest,
    testing::ValuesIn<ListCase>({
        {"NoArticleIsNothing", {}, {}, ""},
        {"OneIsOneOutput", {kMention}, {0}, ""},
        {"ThreeAreThreeOutputs", {kMention, kMention, kMention}, {0, 1, 2}, ""},
        {"WhatNoRuleHoldsForIsLeftOut", {kNothing, kMention, kNothing, kMention}, {1, 3}, ""},
        {"ABadOneAmongThemKeepsNoneBack",
         {kMention, kBadTitle, kMention},
         {0, 2},
         "wrong_type: article 1 of 0 to 2: title must be a string or null, not an array (at /t); "
         "1 bad in all"},
        {"TheFirstOfSeveralBadOnesIsNamed",
         {kNothing, kNoTitle, kMention, kBadTitle},
         {2},
         "missing_field: article 1 of 0 to 3: no text in title or body; looked for title: /t; "
         "body: no selector; 2 bad in all"},
        {"OfOneBadArticleNoPlaceIsTold",
         {kBadTitle},
         {},
         "wrong_type: title must be a string or null, not an array (at /t)"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

struct EncodingCase {
  std::string name;
  std::string before;  // the JSON
  bool asks_for_headers;
  std::string reason;  // of the dead letter
};

class EncodingTest : public SeveralArticlesTest,
                     public testing::WithParamInterface<EncodingCase> {};

TEST_P(EncodingTest, AForgottenHeaderIsNotAskedForWhereTheValueBeginsAsJson) {
  const std::string json = GetParam().before + Numbered({kNothing});
  bool is_asked = false;
  LateHeaders headers;
  headers.Reset(&is_asked, [](void* asked, std::vector<Header>* all) {
    *static_cast<bool*>(asked) = true;
    all->push_back({.name = "Content-Encoding", .value = "gzip"});
  });
  const Record record = {.kafka_topic = "news.raw", .value = json, .headers = Headers(&headers)};
  ASSERT_TRUE(Handle(record).ok());
  EXPECT_EQ(is_asked, GetParam().asks_for_headers);
  EXPECT_EQ(sink_.letters.empty() ? "" : sink_.letters[0].reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(Values, EncodingTest,
                         testing::ValuesIn<EncodingCase>({
                             {"Json", "", false, ""},
                             {"WhiteSpaceFirst", " ", true, "bad_encoding"},
                             {"NoJson", "\x1F\x8B", true, "bad_encoding"},
                         }),
                         [](const auto& param_info) { return param_info.param.name; });

TEST_F(SeveralArticlesTest, AsManyAsThereMayBe) {
  const std::vector<std::string_view> articles(1000, kMention);
  const std::string json = Numbered(articles);
  ASSERT_TRUE(Handle({.kafka_topic = "news.raw", .value = json}).ok());
  std::set<std::string> ce_ids;
  for (const OutputRecord& each : sink_.outputs) ce_ids.insert(HeaderOf(each, "ce_id"));
  EXPECT_EQ(ce_ids.size(), articles.size());
  EXPECT_TRUE(sink_.letters.empty());
}

}  // namespace
}  // namespace tocsin
