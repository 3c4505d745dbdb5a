#include "pipeline/alert/mention.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace tocsin {
namespace {

using rules::Field;

PublishedRule Rule(std::vector<PublishedEvidence> evidence) {
  return {.id = "ceasefire.mention", .evidence = std::move(evidence)};
}

size_t CountCodePoints(const std::string& text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

class MentionTest : public testing::Test {
 protected:
  std::string SentenceOf(const std::vector<PublishedRule>& rules) {
    return finder_.SentenceOf(rules, document_);
  }

  rules::Document document_{.title = "Truce in Karvela",
                            .lead = "",
                            .body =
                                "Guns fell silent. Both sides\n announced a ceasefire – at "
                                "last – on Monday. Mediators left.",
                            .language = "en"};
  MentionFinder finder_;
};

TEST_F(MentionTest, IsTheSentenceOfTheFirstEvidenceOnOneLine) {
  EXPECT_EQ(SentenceOf({Rule({{Field::kBody, 42, 51, "ceasefire"}})}),
            "Both sides announced a ceasefire – at last – on Monday.");
}

TEST_F(MentionTest, IsRatherNotTheTitle) {
  EXPECT_EQ(SentenceOf({Rule({{Field::kTitle, 0, 5, "Truce"}, {Field::kBody, 0, 4, "Guns"}})}),
            "Guns fell silent.");
  EXPECT_EQ(SentenceOf({Rule({{Field::kTitle, 0, 5, "Truce"}})}), "Truce in Karvela");
}

TEST_F(MentionTest, OfEvidenceOverTwoSentencesHasBoth) {
  EXPECT_EQ(SentenceOf({Rule({{Field::kBody, 10, 28, "silent. Both sides"}})}),
            "Guns fell silent. Both sides announced a ceasefire – at last – on Monday.");
}

TEST_F(MentionTest, WithoutEvidenceIsEmpty) {
  EXPECT_EQ(SentenceOf({}), "");
  EXPECT_EQ(SentenceOf({Rule({})}), "");
}

TEST_F(MentionTest, OfAnotherTextIsTheEvidenceItself) {
  EXPECT_EQ(SentenceOf({Rule({{Field::kBody, 3, 12, "ceasefire"}})}), "ceasefire");
  EXPECT_EQ(SentenceOf({Rule({{Field::kBody, 900, 912, "ceasefire"}})}), "ceasefire");
}

TEST_F(MentionTest, IsCutAroundTheMention) {
  std::string body;
  for (int i = 0; i < 400; ++i) body += "überall ";
  const size_t start = CountCodePoints(body);
  body += "Waffenruhe";
  for (int i = 0; i < 400; ++i) body += " überall";
  document_ = {.title = "", .lead = "", .body = body, .language = "de"};
  const std::string sentence =
      SentenceOf({Rule({{Field::kBody, start, start + 10, "Waffenruhe"}})});
  EXPECT_LE(CountCodePoints(sentence), MentionFinder::kCodePointsMax);
  EXPECT_GE(CountCodePoints(sentence), MentionFinder::kCodePointsMax - 4);
  EXPECT_TRUE(sentence.starts_with("…")) << sentence;
  EXPECT_TRUE(sentence.ends_with("…")) << sentence;
  EXPECT_NE(sentence.find(" Waffenruhe "), std::string::npos) << sentence;
}

}  // namespace
}  // namespace tocsin
