#include "pipeline/alert/story_index.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/alert/fingerprint.h"

namespace tocsin {
namespace {

using Placement = StoryIndex::Placement;

constexpr int64_t kHour = 3'600'000;

// A text of `words` words, other ones for each seed.
std::string Text(int seed, int words) {
  std::string text;
  for (int i = 0; i < words; ++i) {
    text += "word" + std::to_string(seed) + "x" + std::to_string(i) + (i % 9 == 8 ? ". " : " ");
  }
  return text;
}

struct Input {
  std::string id;
  std::string url;
  std::string title;
  std::string body;
};

class Stories {
 public:
  Placement Take(const Input& input, int64_t seen_ms) {
    const Fingerprint fingerprint = FingerprintOf(input);
    const Placement placement = index.Find(fingerprint, seen_ms);
    index.Add({.fingerprint = fingerprint, .story = placement.story, .seen_ms = seen_ms});
    return placement;
  }
  Fingerprint FingerprintOf(const Input& input) {
    return fingerprinter_.Of(
        {.id = input.id, .url = input.url, .document = {.title = input.title, .body = input.body}});
  }

  StoryIndex index;

 private:
  Fingerprinter fingerprinter_;
};

struct LayerCase {
  std::string name;
  Input second;
  Placement::Novelty want;
};

class LayerTest : public testing::TestWithParam<LayerCase> {};

TEST_P(LayerTest, TheFirstThatHoldsDecides) {
  Stories stories;
  const Placement first =
      stories.Take({"a", "https://example.com/a", "Guns fall silent", Text(1, 200)}, 0);
  EXPECT_EQ(first.novelty, Placement::kNew);
  const Placement second = stories.Take(GetParam().second, kHour);
  EXPECT_EQ(second.novelty, GetParam().want);
  EXPECT_EQ(second.story == first.story, GetParam().want != Placement::kNew);
}

INSTANTIATE_TEST_SUITE_P(
    Layers, LayerTest,
    testing::ValuesIn<LayerCase>({
        {"SameIdOtherText", {"a", "", "New", Text(2, 200)}, Placement::kUpdate},
        {"IdAloneAsAKillHas", {"a", "", "", ""}, Placement::kUpdate},
        {"SameUrlOtherText",
         {"b", "http://www.example.com/a/?utm_source=x#y", "New", Text(2, 200)},
         Placement::kSameUrl},
        {"SameBodyOtherHeadline",
         {"b", "https://x.com/b", "New", Text(1, 200)},
         Placement::kSameBody},
        {"CutToSixtyPercent", {"b", "", "New", Text(1, 120)}, Placement::kSimilar},
        {"BylineAndFooter",
         {"b", "", "New", "By a writer, 1. " + Text(1, 200) + Text(3, 60)},
         Placement::kSimilar},
        {"OtherText", {"b", "https://x.com/b", "Guns fall silent", Text(2, 200)}, Placement::kNew},
        {"SameEndOtherBeginning",
         {"b", "", "New", Text(2, 150) + Text(1, 200)},
         Placement::kSimilar},
        {"FrontPageAsUrl", {"b", "https://example.com/", "New", Text(2, 200)}, Placement::kNew},
        {"NoText", {"b", "", "", ""}, Placement::kNew},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(StoryIndex, FlashesWithOtherHeadlinesAreOtherStories) {
  Stories stories;
  const std::vector<std::string> titles = {"Breaking",
                                           "Breaking",
                                           "Truce at the lake",
                                           "Truce on the river",
                                           "Ministers to meet again at noon",
                                           "Ministers to meet again at night"};
  for (size_t i = 0; i < titles.size(); ++i) {
    EXPECT_EQ(stories.Take({std::to_string(i), "", titles[i], ""}, 0).novelty, Placement::kNew)
        << titles[i];
  }
}

TEST(StoryIndex, ASitesFooterMakesNoStory) {
  Stories stories;
  const std::string footer = Text(999, 150);
  for (int i = 0; i < 40; ++i) {
    const Input input = {std::to_string(i), "", "Title " + Text(i, 5), Text(i, 120) + footer};
    EXPECT_EQ(stories.Take(input, 0).novelty, Placement::kNew) << i;
  }
}

TEST(StoryIndex, WhatManyStoriesHaveInCommonMakesNoneOfThemOne) {
  Stories stories;
  const std::string report = Text(999, 60);  // a template: begins like every other of its kind
  for (int i = 0; i < 40; ++i) {
    stories.Take({std::to_string(i), "", "", report.substr(0, 330) + Text(i, 60)}, 0);
  }
  EXPECT_EQ(stories.Take({"new", "", "", report + Text(77, 40)}, 0).novelty, Placement::kNew);
}

TEST(StoryIndex, OneStoryOfManyCopiesStaysOne) {
  Stories stories;
  const uint64_t story = stories.Take({"a", "", "Title", Text(1, 300)}, 0).story;
  for (int i = 0; i < 1000; ++i) {
    const Placement placement = stories.Take(
        {std::to_string(i), "", "Title " + Text(i, 4), Text(1, 300) + Text(1000 + i, 30)}, 0);
    ASSERT_EQ(placement.story, story) << i;
  }
}

TEST(StoryIndex, TheWindowEnds) {
  Stories stories;
  const Input article = {"a", "https://example.com/a", "Title", Text(1, 200)};
  const uint64_t story = stories.Take(article, 0).story;
  const Fingerprint copy = stories.FingerprintOf({"b", article.url, article.title, article.body});
  EXPECT_EQ(stories.index.Find(copy, 48 * kHour).story, story);
  EXPECT_EQ(stories.index.Find(copy, 48 * kHour + 1).novelty, Placement::kNew);
  EXPECT_EQ(stories.index.Find(copy, -100 * kHour).story, story) << "late, by a clock that is slow";
  const Placement again = stories.Take(article, 49 * kHour);
  EXPECT_EQ(again.novelty, Placement::kNew);
  EXPECT_NE(again.story, story) << "the id comes back, the story does not";
}

TEST(StoryIndex, ExpiresTheOldestFirstAndSoManyACall) {
  Stories stories;
  const int64_t count = StoryIndex::kExpireMax + 10;
  for (int64_t i = 0; i < count; ++i) {
    stories.Take({std::to_string(i), "", "", ""}, count - i);
  }
  std::vector<uint64_t> removed;
  const auto remember = [&](uint64_t id_hash) { removed.push_back(id_hash); };
  EXPECT_EQ(stories.index.Expire(count, remember), StoryIndex::kExpireMax);
  EXPECT_EQ(removed.front(), IdHash(std::to_string(count - 1)));
  EXPECT_EQ(stories.index.Expire(count, remember), 9);
  EXPECT_EQ(stories.index.size(), 1);
  EXPECT_NE(stories.index.Get(IdHash("0")), nullptr);
}

TEST(StoryIndex, AnAddIsUndoneByRemoveAndTheFormerEntry) {
  Stories stories;
  stories.Take({"a", "", "Title", Text(1, 200)}, 0);
  const StoryEntry former = *stories.index.Get(IdHash("a"));
  const Fingerprint probe = stories.FingerprintOf({"probe", "", "", Text(1, 200)});
  const uint64_t story = stories.index.Find(probe, 0).story;
  stories.Take({"a", "", "Title", Text(2, 200)}, 0);
  EXPECT_EQ(stories.index.Find(probe, 0).novelty, Placement::kNew);
  stories.index.Add(former);
  EXPECT_EQ(*stories.index.Get(IdHash("a")), former);
  EXPECT_EQ(stories.index.Find(probe, 0).story, story);
  stories.index.Remove(IdHash("a"));
  EXPECT_EQ(stories.index.Get(IdHash("a")), nullptr);
  EXPECT_EQ(stories.index.Find(probe, 0).novelty, Placement::kNew);
}

}  // namespace
}  // namespace tocsin
