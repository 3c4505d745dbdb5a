#include "rules/compile/key_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compile/padded.h"

namespace tocsin::rules {
namespace {

using Kind = WordKey::Kind;

KeyTable Build(std::vector<WordKey> words) {
  std::vector<KeyTable::Key> keys;
  keys.reserve(words.size());
  for (uint32_t i = 0; i < words.size(); ++i) {
    keys.push_back({.kind = words[i].kind, .text = words[i].text, .use = {.phrase = i}});
  }
  KeyTable table;
  table.Build(std::move(keys));
  return table;
}

std::vector<uint32_t> Find(const KeyTable& table, Kind kind, std::string_view token) {
  const Padded padded(token);
  const std::string_view text = padded.text();
  std::vector<uint32_t> phrases;
  const auto add = [&](const PhraseUse& use) { phrases.push_back(use.phrase); };
  const auto* const entry = table.Find(kind, text, KeyTable::HashOf(kind, text));
  if (entry == nullptr) return phrases;
  if (kind == Kind::kWhole) table.ForEachWhole(*entry, add);
  if (kind == Kind::kPrefix) table.ForEachPrefix(*entry, text, add);
  if (kind == Kind::kSuffix) table.ForEachSuffix(*entry, text, add);
  std::sort(phrases.begin(), phrases.end());
  return phrases;
}

using Phrases = std::vector<uint32_t>;

// Hashes see the first and the last eight bytes, so that these keys have the same.
TEST(KeyTableTest, TellsLongWordsApartThatDifferInTheMiddleOnly) {
  const KeyTable table = Build({{.text = "waffenstillstandsvertrag"},
                                {.text = "waffenstxllstandsvertrag"},
                                {.text = "waffenstillstaxdsvertrag"}});
  EXPECT_EQ(Find(table, Kind::kWhole, "waffenstillstandsvertrag"), Phrases({0}));
  EXPECT_EQ(Find(table, Kind::kWhole, "waffenstyllstandsvertrag"), Phrases());
  EXPECT_EQ(Find(table, Kind::kWhole, "waffenstillstaxdsvertrag"), Phrases({2}));
}

TEST(KeyTableTest, TellsWordsApartByEachByteWhateverTheirLength) {
  for (const size_t bytes : {1, 3, 7, 8, 9, 15, 16, 17, 24, 40}) {
    const std::string word(bytes, 'a');
    std::vector<WordKey> keys = {{.text = word}};
    for (size_t i = 0; i < bytes; ++i) {
      keys.push_back({.text = word});
      keys.back().text[i] = 'b';
    }
    const KeyTable table = Build(keys);
    for (uint32_t i = 0; i < keys.size(); ++i) {
      EXPECT_EQ(Find(table, Kind::kWhole, keys[i].text), Phrases({i})) << keys[i].text;
    }
    EXPECT_EQ(Find(table, Kind::kWhole, word + 'a'), Phrases());
    EXPECT_EQ(Find(table, Kind::kWhole, std::string(bytes, 'c')), Phrases());
  }
}

TEST(KeyTableTest, TellsAWordFromABeginningAndAnEndOfTheSameLetters) {
  const KeyTable table = Build({{.text = "gas"},
                                {.kind = Kind::kPrefix, .text = "gas"},
                                {.kind = Kind::kSuffix, .text = "gas"}});
  EXPECT_EQ(Find(table, Kind::kWhole, "gas"), Phrases({0}));
  EXPECT_EQ(Find(table, Kind::kPrefix, "gasline"), Phrases({1}));
  EXPECT_EQ(Find(table, Kind::kSuffix, "biogas"), Phrases({2}));
  EXPECT_EQ(Find(table, Kind::kWhole, "gasline"), Phrases());
}

TEST(KeyTableTest, FindsAllBeginningsOfAWordThatBeginAlike) {
  const KeyTable table = Build({{.kind = Kind::kPrefix, .text = "sanktion"},
                                {.kind = Kind::kPrefix, .text = "sanktionsbeschluss"},
                                {.kind = Kind::kPrefix, .text = "sanktionsbeschlusx"},
                                {.kind = Kind::kPrefix, .text = "sank"}});
  EXPECT_EQ(Find(table, Kind::kPrefix, "sanktionsbeschlusses"), Phrases({0, 1, 3}));
  EXPECT_EQ(Find(table, Kind::kPrefix, "sandstein"), Phrases());
}

TEST(KeyTableTest, FindsNothingWhereThereIsNothing) {
  EXPECT_EQ(Find(Build({}), Kind::kWhole, "truce"), Phrases());
  EXPECT_EQ(Find(KeyTable(), Kind::kPrefix, "truce"), Phrases());
}

}  // namespace
}  // namespace tocsin::rules
