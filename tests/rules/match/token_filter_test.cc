#include "rules/match/token_filter.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/word_index.h"
#include "rules/match/stream_phrase.h"
#include "rules/text/fold.h"

namespace tocsin::rules {
namespace {

// Words of every length that the glance tells apart, in scripts of one, two and three bytes a letter.
std::string RandomWord() {
  return *rc::gen::element<std::string>("a", "b", "un", "eu", "gaz", "war", "fire", "fires",
                                        "truce", "ceasefire", "gaspipelines", "и", "мир",
                                        "перемирие", "停", "هدنة", "sanktionsbeschluss", "x");
}

WordIndex RandomIndex() {
  WordIndex index;
  const int keys = *rc::gen::inRange(1, 6);
  for (int i = 0; i < keys; ++i) {
    const std::string word = Fold(RandomWord());
    WordKey key = {.text = word.substr(1, word.size() - 2)};
    if (key.text.size() >= 3) {
      key.kind =
          *rc::gen::element(WordKey::Kind::kWhole, WordKey::Kind::kPrefix, WordKey::Kind::kSuffix);
      const size_t bytes = *rc::gen::inRange<size_t>(3, key.text.size() + 1);
      if (key.kind == WordKey::Kind::kPrefix) key.text.resize(bytes);
      if (key.kind == WordKey::Kind::kSuffix) key.text.erase(0, key.text.size() - bytes);
    }
    index.Add(key, {.phrase = static_cast<uint32_t>(i), .is_sure = true});
  }
  index.Build();
  return index;
}

// The soundness of the glance: whatever stands around a key, and wherever a block ends.
void FindsAllThatTheIndexFinds() {
  const WordIndex index = RandomIndex();
  std::string text;
  const int words = *rc::gen::inRange(0, 60);
  for (int i = 0; i < words; ++i) {
    text += RandomWord() + *rc::gen::element<std::string>(" ", ", ", "\n\n", " – ");
  }
  Folder folder;
  folder.AppendTokens(text, "");
  folder.AppendTokens(RandomWord(), "");
  TokenFilter filter;
  filter.Find(index.glance(), folder.stream());
  const auto holds = [](std::span<const uint32_t> all, uint32_t one) {
    return std::binary_search(all.begin(), all.end(), one);
  };
  const std::span<const uint32_t> bounds = folder.bounds();
  for (size_t i = 0; i < bounds.size(); i += 2) {
    const std::string_view token = folder.stream().substr(bounds[i], bounds[i + 1] - bounds[i]);
    RC_ASSERT(TokenEnd(folder.stream(), bounds[i]) == bounds[i + 1]);
    RC_ASSERT(TokenBegin(folder.stream(), bounds[i + 1]) == bounds[i]);
    WordIndex::Probe probe = {.token = token};
    const bool is_likely = index.BeginsLikely(&probe);
    index.LookUp({&probe, 1});
    index.ForEachBeginning(probe, [&](const PhraseUse&) {
      RC_ASSERT(holds(filter.begins(), bounds[i]) && is_likely);
    });
    const bool may_be_key = index.IsLikely(&probe);
    index.ForEach(probe, [&](const PhraseUse&) { RC_ASSERT(may_be_key); });
    index.ForEachEnding(token,
                        [&](const PhraseUse&) { RC_ASSERT(holds(filter.ends(), bounds[i + 1])); });
  }
  const auto is_strict = [](std::span<const uint32_t> all) {
    return std::adjacent_find(all.begin(), all.end(), std::greater_equal<>()) == all.end();
  };
  RC_ASSERT(is_strict(filter.begins()) && is_strict(filter.ends()));
  for (const uint32_t begin : filter.begins()) {
    RC_ASSERT(begin == TokenBegin(folder.stream(), TokenEnd(folder.stream(), begin)));
  }
}

TEST(TokenFilterProperty, FindsAllThatTheIndexFindsOnEveryTarget) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    EXPECT_TRUE(rc::check(hwy::TargetName(target), FindsAllThatTheIndexFinds));
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(TokenFilter, PassesFewWordsThatAreNoKeys) {
  WordIndex index;
  index.Add({.text = "ceasefire"}, {.phrase = 0, .is_sure = true});
  index.Add({.kind = WordKey::Kind::kPrefix, .text = "sanction"}, {.phrase = 1, .is_sure = true});
  index.Build();
  Folder folder;
  folder.AppendTokens("Ceasing fire, the cease of sandals: a ceasefire, and sanctions.", "en");
  TokenFilter filter;
  filter.Find(index.glance(), folder.stream());
  EXPECT_EQ(filter.begins().size(), 3U) << "`cease` begins as `ceasefire` does";
  std::vector<std::string_view> found;
  for (const uint32_t begin : filter.begins()) {
    const uint32_t end = TokenEnd(folder.stream(), begin);
    WordIndex::Probe probe = {.token = folder.stream().substr(begin, end - begin)};
    if (index.BeginsLikely(&probe)) found.push_back(probe.token);
  }
  EXPECT_EQ(found, (std::vector<std::string_view>{"ceasefire", "sanctions"}));
  EXPECT_TRUE(filter.ends().empty());
}

}  // namespace
}  // namespace tocsin::rules
