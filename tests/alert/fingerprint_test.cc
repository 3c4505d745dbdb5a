#include "pipeline/alert/fingerprint.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/alert/canonical_url.h"

namespace tocsin {
namespace {

struct UrlCase {
  std::string name;
  std::string url;
  std::string want;
};

class CanonicalUrlTest : public testing::TestWithParam<UrlCase> {};

TEST_P(CanonicalUrlTest, IsWhatCopiesHaveInCommon) {
  EXPECT_EQ(CanonicalUrl(GetParam().url), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Urls, CanonicalUrlTest,
    testing::ValuesIn<UrlCase>({
        {"Plain", "https://example.com/a/b", "example.com/a/b"},
        {"SchemeWwwSlash", "http://www.example.com/a/b/", "example.com/a/b"},
        {"HostIsLowerCasePathIsNot", "HTTPS://Example.COM/A", "example.com/A"},
        {"Fragment", "https://example.com/a#top", "example.com/a"},
        {"Tracking", "https://example.com/a?utm_source=x&UTM_Medium=y&fbclid=z", "example.com/a"},
        {"QueryThatNames", "https://example.com/?id=7&utm_source=x", "example.com?id=7"},
        {"QueryIsSorted", "https://example.com/a?b=2&a=1", "example.com/a?a=1&b=2"},
        {"QueryAfterFragmentIsNone", "https://example.com/a#x?id=1", "example.com/a"},
        {"AmpFolder", "https://example.com/a/amp/", "example.com/a"},
        {"AmpFirst", "https://example.com/amp/a", "example.com/a"},
        {"AmpHost", "https://amp.example.com/a", "example.com/a"},
        {"AmpParameter", "https://example.com/a?amp=1", "example.com/a"},
        {"AmpWithoutValue", "https://example.com/a?amp", "example.com/a"},
        {"AmpFile", "https://example.com/a.amp", "example.com/a"},
        {"AmpViewer", "https://www.google.com/amp/s/www.example.com/a/amp/", "example.com/a"},
        {"AmpCache", "https://example-com.cdn.ampproject.org/c/s/example.com/a", "example.com/a"},
        {"WordThatBeginsLikeAmp", "https://example.com/amplifier", "example.com/amplifier"},
        {"MobileHost", "https://m.example.com/a", "example.com/a"},
        {"HostThatIsM", "https://m.com/a", "m.com/a"},
        {"PortAndUser", "https://user:pw@example.com:443/a", "example.com/a"},
        {"OtherPort", "https://example.com:8443/a", "example.com:8443/a"},
        {"NoScheme", "www.example.com/a", "example.com/a"},
        {"ProtocolRelative", "//www.example.com/a", "example.com/a"},
        {"FrontPage", "https://www.example.com/", ""},
        {"FrontPageTracked", "https://www.example.com/?utm_source=x", ""},
        {"IndexPage", "https://example.com/a/index.html", "example.com/a"},
        {"NoUrl", "", ""},
        {"NoHost", "n/a", ""},
        {"Word", "None", ""},
        {"Urn", "urn:newsml:example.com:20261122:1", ""},
    }),
    [](const auto& param_info) { return param_info.param.name; });

Fingerprint Of(const Article& article) { return Fingerprinter().Of(article); }

Overlap OverlapOf(const rules::Document& left, const rules::Document& right) {
  return Compare(Of({.id = "1", .document = left}).sketch,
                 Of({.id = "2", .document = right}).sketch);
}

constexpr std::string_view kBody =
    "Negotiators of both sides met at the lake on Tuesday and agreed that guns would fall silent "
    "at "
    "midnight, the first such pause since the spring, while 40 lorries with grain wait at the "
    "border.";

TEST(Fingerprint, FoldsWhatEncodingsAndDesksChange) {
  const std::string_view garbled =
      "NEGOTIATORS of both sides met at the lake on Tuesday and agreed that guns would fall silent "
      "at "
      "midnight \u2013 the first such pause since the spring \u2013 while 40 lorries with "
      "grain\nwait "
      "at the b\u00f6rder\u00e2\u20ac\u009d";
  EXPECT_EQ(Of({.id = "1", .document = {.title = "A", .body = kBody}}).body_hash,
            Of({.id = "2", .document = {.title = "B", .body = garbled}}).body_hash);
}

TEST(Fingerprint, IdAloneMakesItsHash) {
  EXPECT_EQ(Of({.id = "x", .url = "https://a.com/1"}).id_hash, IdHash("x"));
  EXPECT_NE(IdHash("x"), IdHash("y"));
}

TEST(Fingerprint, WithoutAnIdTheUrlThenTheTextIsOne) {
  const Article first = {.url = "https://a.com/1", .document = {.title = "One", .body = kBody}};
  const Article second = {.url = "http://www.a.com/1/", .document = {.title = "Two"}};
  EXPECT_EQ(Of(first).id_hash, Of(second).id_hash);
  EXPECT_NE(Of({.document = {.title = "One"}}).id_hash, Of({.document = {.title = "Two"}}).id_hash);
}

TEST(Fingerprint, FewWordsTellNothing) {
  EXPECT_FALSE(Of({.id = "1"}).has_text());
  EXPECT_FALSE(Of({.id = "1", .document = {.title = "Breaking news: more follows"}}).has_text());
  EXPECT_TRUE(Of({.id = "1", .document = {.title = "Truce at the lake from midnight"}}).has_text());
}

TEST(Fingerprint, AShortBodyCountsWithItsHeadline) {
  constexpr std::string_view kShort = "More follows on the talks at the lake";
  EXPECT_NE(Of({.id = "1", .document = {.title = "Talks on grain", .body = kShort}}).body_hash,
            Of({.id = "1", .document = {.title = "Talks on guns", .body = kShort}}).body_hash);
}

TEST(Fingerprint, FurnitureIsLeftOut) {
  constexpr std::string_view kWall =
      "Subscribe now for unlimited access to every story that we publish. Sign in if you have an "
      "account already. Our newsletter brings the best of the day every morning.";
  const rules::Document first = {.title = "Guns fall silent at the lake after long talks",
                                 .body = kWall};
  const rules::Document second = {.title = "Harvest fails for a third year in the north",
                                  .body = kWall};
  EXPECT_EQ(OverlapOf(first, second).shared, 0);
  EXPECT_NE(Of({.id = "1", .document = first}).body_hash,
            Of({.id = "2", .document = second}).body_hash);
}

TEST(Fingerprint, ACutTextLiesInItsOriginal) {
  const std::string_view cut = kBody.substr(0, kBody.size() * 6 / 10);
  EXPECT_GT(
      OverlapOf({.title = "Guns at rest", .body = kBody}, {.title = "Guns at rest", .body = cut})
          .containment(),
      0.9);
}

struct ScriptCase {
  std::string name;
  std::string_view left;
  std::string_view right;
  double at_least;
  double at_most;
};

class ScriptTest : public testing::TestWithParam<ScriptCase> {};

TEST_P(ScriptTest, GraphemeClustersAreToldApartToo) {
  const double containment =
      OverlapOf({.body = GetParam().left}, {.body = GetParam().right}).containment();
  EXPECT_GE(containment, GetParam().at_least);
  EXPECT_LE(containment, GetParam().at_most);
}

INSTANTIATE_TEST_SUITE_P(
    Scripts, ScriptTest,
    testing::ValuesIn<ScriptCase>({
        {"ChineseCopyWithAByline",
         "双方代表星期二在湖边会面，同意从午夜起停火，这是春天以来的第一次。",
         "本报记者报道：双方代表星期二在湖边会面，同意从午夜起停火，这是春天以来的第一次。", 0.9,
         1},
        {"ChineseOtherEvent", "双方代表星期二在湖边会面，同意从午夜起停火，这是春天以来的第一次。",
         "北方省份连续第三年歉收，农民代表星期三要求政府提供援助，粮价已经上涨一倍。", 0, 0.1},
        {"JapaneseCopy", "両者の代表は火曜日に湖畔で会談し、真夜中からの停戦に合意した。",
         "【速報】両者の代表は火曜日に湖畔で会談し、真夜中からの停戦に合意した。", 0.9, 1},
        {"ThaiCopy", "ผู้แทนทั้งสองฝ่ายพบกันที่ทะเลสาบเมื่อวันอังคารและตกลงหยุดยิงตั้งแต่เที่ยงคืน",
         "ด่วน ผู้แทนทั้งสองฝ่ายพบกันที่ทะเลสาบเมื่อวันอังคารและตกลงหยุดยิงตั้งแต่เที่ยงคืน", 0.9, 1},
        {"ThaiOtherEvent", "ผู้แทนทั้งสองฝ่ายพบกันที่ทะเลสาบเมื่อวันอังคารและตกลงหยุดยิงตั้งแต่เที่ยงคืน",
         "ผลผลิตข้าวทางเหนือเสียหายเป็นปีที่สามติดต่อกัน ชาวนาขอความช่วยเหลือจากรัฐบาล", 0, 0.1},
    }),
    [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace tocsin
