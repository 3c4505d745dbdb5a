// How a mapping's alternatives, joins and articles are read.
#include "pipeline/decode/mapping.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pipeline/decode/decoder.h"

namespace tocsin {
namespace {

Alternative Select(const std::vector<std::string>& selectors, bool joins = false) {
  Alternative alternative{.joins = joins, .separator = " + "};
  for (const std::string& each : selectors) {
    auto selector = ParseSelector(each);
    EXPECT_TRUE(selector.ok()) << selector.status();
    alternative.selectors.push_back(*std::move(selector));
  }
  return alternative;
}

Decoder DecoderFor(MappingSpec spec) {
  Decoder decoder({.bytes_max = 4096, .depth_max = 16, .articles_max = 3});
  auto mapping = Mapping::Compile(std::move(spec));
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  decoder.Use(*std::move(mapping));
  return decoder;
}

std::string TitleOf(std::vector<Alternative> alternatives, std::string_view json) {
  MappingSpec spec{.name = "test"};
  spec.Of(MappedField::kTitle) = std::move(alternatives);
  spec.Of(MappedField::kBody) = {Select({"/must"})};
  Decoder decoder = DecoderFor(std::move(spec));
  const auto article = decoder.Decode(json);
  return article.ok() ? std::string((*article)->document.title)
                      : std::string(article.status().message());
}

TEST(Alternatives, TheFirstWithTextCounts) {
  const std::vector<Alternative> both = {Select({"/a"}), Select({"/b"})};
  EXPECT_EQ(TitleOf(both, R"({"b":"2","a":"1"})"), "1");
  EXPECT_EQ(TitleOf(both, R"({"b":"2"})"), "2");
  EXPECT_EQ(TitleOf(both, R"({"b":"2","a":null})"), "2");
  EXPECT_EQ(TitleOf(both, R"({"b":"2","a":" \n"})"), "2");
  EXPECT_EQ(TitleOf(both, R"({"b":"2","a":{}})"), "2");
}

TEST(Alternatives, WhatRendersToNothingIsNoText) {
  Alternative html = Select({"/a", "/b"});
  html.type = TextType::kHtml;
  EXPECT_EQ(TitleOf({html, Select({"/c"})}, R"({"a":"<img>","c":"3"})"), "3");
  EXPECT_EQ(TitleOf({html, Select({"/c"})}, R"({"a":"<img>","b":"<p>2","c":"3"})"), "2");
  EXPECT_EQ(TitleOf({html, Select({"/c"})}, R"({"a":" &#32;","c":"3"})"), "3");
  html.joins = true;
  html.separator = "+";
  EXPECT_EQ(TitleOf({html}, R"({"a":"<img>","b":"2"})"), "2");
}

TEST(Alternatives, ABetterOneCountsWhereverItStands) {
  const std::vector<Alternative> both = {Select({"/*[r=main]/v"}), Select({"/*/v"}),
                                         Select({"/z"})};
  EXPECT_EQ(TitleOf(both, R"({"z":"0","x":{"r":"sub","v":"1"},"y":{"r":"main","v":"2"}})"), "2");
  EXPECT_EQ(TitleOf(both, R"({"x":{"r":"main","v":" "},"y":{"r":"main","v":7},"z":"0"})"), "0");
  EXPECT_EQ(TitleOf(both, R"({"x":{"r":"main","v":" "},"y":{"r":"sub","v":"1"},"z":"0"})"), "1");
}

TEST(Alternatives, AConstantIsOne) {
  EXPECT_EQ(TitleOf({Select({"/a"}), {.constant = "none"}}, R"({"must":"b"})"), "none");
}

TEST(Alternatives, OfSeveralValuesTheFirstWithTextCountsUnlessTheyAreJoined) {
  EXPECT_EQ(TitleOf({Select({"/*"})}, R"({"a":" ","b":"2","c":"3"})"), "2");
  EXPECT_EQ(TitleOf({Select({"/*"}, true)}, R"({"a":" ","b":"2","c":"3"})"), "2 + 3");
}

TEST(Alternatives, SelectorsAreJoinedInTheirOwnOrder) {
  EXPECT_EQ(TitleOf({Select({"/b", "/a/*"}, true)}, R"({"a":["1","2"],"b":"3"})"), "3 + 1 + 2");
}

TEST(Alternatives, AValueOfTheWrongTypeIsTold) {
  EXPECT_EQ(TitleOf({Select({"/a"}), Select({"/b"})}, R"({"a":[],"must":"b"})"),
            "title must be a string or null, not an array (at /a)");
}

TEST(Alternatives, WhatStarsLeadToMayBeOfAnyType) {
  EXPECT_EQ(TitleOf({Select({"/a/**"})}, R"({"a":[1,{"x":"deep"}]})"), "deep");
}

TEST(Alternatives, WhereNothingIsFoundTheSelectorsAreNamed) {
  EXPECT_EQ(TitleOf({Select({"/a"}), Select({"/b", "/c"}, true)}, R"({"d":"x"})"),
            "no text in title or body; looked for title: /a, /b + /c; body: /must");
}

MappingSpec Articles(const std::vector<std::string>& selectors) {
  MappingSpec spec{.name = "many"};
  spec.articles = Select(selectors).selectors;
  spec.Of(MappedField::kTitle) = {Select({"/t"})};
  return spec;
}

std::vector<std::string> ReadAll(Decoder* decoder, std::string_view json) {
  const auto count = decoder->Open(json);
  if (!count.ok()) return {std::string(count.status().message())};
  std::vector<std::string> all;
  for (size_t i = 0; i < *count; ++i) {
    const auto article = decoder->Read(i);
    all.push_back(article.ok() ? std::string((*article)->json)
                               : std::string(article.status().message()));
    if (!article.ok()) continue;
    EXPECT_EQ((*article)->index, i);
    EXPECT_EQ((*article)->is_whole_record, (*article)->json == json);
    EXPECT_EQ((*article)->mapping, "many");
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(SeveralArticles, EachHasItsOwnBytes) {
  Decoder decoder = DecoderFor(Articles({"/a/*"}));
  EXPECT_EQ(ReadAll(&decoder, R"( {"x":["]",{}], "a":[ {"t":"\"1}"} ,{"t" : "2", "y":[{}]}]} )"),
            Texts({R"({"t":"\"1}"})", R"({"t" : "2", "y":[{}]})"}));
}

TEST(SeveralArticles, ABadOneDoesNotKeepTheOthersFromBeingRead) {
  Decoder decoder = DecoderFor(Articles({"/a/*"}));
  EXPECT_EQ(ReadAll(&decoder, R"({"a":[{"t":"1"},"2",{"t":"3"}]})"),
            Texts({R"({"t":"1"})", "an article must be an object, not a string", R"({"t":"3"})"}));
}

TEST(SeveralArticles, TheFirstAlternativeThatFindsAnyCounts) {
  Decoder decoder = DecoderFor(Articles({"/a/*[k=n]", "/*[k=n]", ""}));
  EXPECT_EQ(ReadAll(&decoder, R"({"b":{"k":"n","t":"0"},"a":[{"k":"n","t":"1"}]})"),
            Texts({R"({"k":"n","t":"1"})"}));
  EXPECT_EQ(ReadAll(&decoder, R"([{"k":"n","t":"1"},{"k":"o","t":"2"}])"),
            Texts({R"({"k":"n","t":"1"})"}));
  EXPECT_EQ(ReadAll(&decoder, R"({"t":"1"})"), Texts({R"({"t":"1"})"}));
}

TEST(SeveralArticles, AnEmptyListHoldsNoneAndAMissingOneIsBad) {
  Decoder decoder = DecoderFor(Articles({"/a/*"}));
  EXPECT_EQ(ReadAll(&decoder, R"({"a":[]})"), Texts());
  EXPECT_EQ(ReadAll(&decoder, R"({"t":"1"})"), Texts({"no article; looked for /a/*"}));
}

TEST(SeveralArticles, TooManyAreTooLarge) {
  Decoder decoder = DecoderFor(Articles({"/*"}));
  EXPECT_EQ(ReadAll(&decoder, R"([{},{},{},{}])"), Texts({"4 articles, over the limit of 3"}));
}

TEST(SeveralArticles, OneOfThemIsReadAgainByItself) {
  const auto many = Mapping::Compile(Articles({"/a/*"}));
  ASSERT_TRUE(many.ok());
  Decoder decoder({});
  decoder.Use((*many)->OfOneArticle());
  const auto article = decoder.Decode(R"({"t":"1"})");
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ((*article)->document.title, "1");
}

TEST(MappingTest, MustFindTextSomewhere) {
  MappingSpec spec{.name = "test"};
  spec.Of(MappedField::kId) = {Select({"/id"})};
  EXPECT_FALSE(Mapping::Compile(std::move(spec)).ok());
}

TEST(MappingTest, TheTraceSaysWhatEachSelectorFound) {
  MappingSpec spec{.name = "test"};
  spec.Of(MappedField::kTitle) = {Select({"/a"}), Select({"/b"}), {.constant = "c"}};
  Decoder decoder = DecoderFor(std::move(spec));
  ASSERT_TRUE(decoder.Decode(R"({"b":"2"})").ok());
  const std::vector<SelectorTrace> trace = decoder.Trace();
  ASSERT_EQ(trace.size(), 3U);
  EXPECT_EQ(trace[0].found, 0U);
  EXPECT_EQ(trace[1].found, 1U);
  EXPECT_EQ(trace[1].first, R"("2")");
  EXPECT_TRUE(trace[1].is_used);
  EXPECT_TRUE(trace[2].is_constant);
  EXPECT_FALSE(trace[2].is_used);
}

TEST(MappingTest, TheTraceHasAlsoWhatTheArticleNeedsNotBeReadFor) {
  MappingSpec spec{.name = "test"};
  spec.Of(MappedField::kTitle) = {Select({"/a"}), Select({"/b/*"})};
  Decoder decoder = DecoderFor(std::move(spec));
  ASSERT_TRUE(decoder.Decode(R"({"a":"1","b":["2","3"]})").ok());
  const std::vector<SelectorTrace> trace = decoder.Trace();
  ASSERT_EQ(trace.size(), 2U);
  EXPECT_TRUE(trace[0].is_used);
  EXPECT_EQ(trace[1].found, 2U);
}

}  // namespace
}  // namespace tocsin
