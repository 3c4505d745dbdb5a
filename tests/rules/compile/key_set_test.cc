#include "rules/compile/key_set.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/padded.h"

namespace tocsin::rules {
namespace {

using Kind = WordKey::Kind;

bool Holds(const WordKey& key, std::string_view token) {
  switch (key.kind) {
    case Kind::kPrefix:
      return token.starts_with(key.text);
    case Kind::kSuffix:
      return token.ends_with(key.text);
    default:
      return token == key.text;
  }
}

std::string RandomToken() {
  return *rc::gen::element<std::string>("a", "un", "gaz", "truce", "truces", "ceasefire", "cease",
                                        "fire", "sanktionsbeschluss", "sanktion", "мир",
                                        "перемирие", "停", "هدنة", "peacetalks", "peace");
}

// Affixes of three bytes at least.
WordKey RandomKey() {
  WordKey key = {.text = RandomToken()};
  if (key.text.size() < 3) return key;
  key.kind = *rc::gen::element(Kind::kWhole, Kind::kPrefix, Kind::kSuffix);
  const auto bytes = *rc::gen::inRange<size_t>(3, key.text.size() + 1);
  if (key.kind == Kind::kPrefix) key.text.resize(bytes);
  if (key.kind == Kind::kSuffix) key.text.erase(0, key.text.size() - bytes);
  return key;
}

bool MayHold(const KeySet& set, std::string_view token) {
  const Padded padded(token);
  return set.MayHold(padded.text());
}

RC_GTEST_PROP(KeySetProperty, HoldsAllThatWasAdded, ()) {
  const auto keys = *rc::gen::container<std::vector<WordKey>>(rc::gen::exec(RandomKey));
  KeySet set;
  for (const WordKey& key : keys) set.Add(key);
  set.Build();
  for (int i = 0; i < 20; ++i) {
    const std::string token = RandomToken();
    const bool holds =
        std::ranges::any_of(keys, [&](const WordKey& key) { return Holds(key, token); });
    RC_ASSERT(!holds || MayHold(set, token));
  }
}

TEST(KeySet, HoldsLittleElse) {
  KeySet set;
  for (int i = 0; i < 300; ++i) set.Add({.text = "key" + std::to_string(i)});
  set.Build();
  int others = 0;
  for (int i = 0; i < 100'000; ++i) {
    others += static_cast<int>(MayHold(set, "word" + std::to_string(i)));
  }
  EXPECT_LT(others, 10);
}

TEST(KeySet, TellsEndingsByAsManyBytesAsTheShortestHas) {
  KeySet set;
  set.Add({.kind = Kind::kSuffix, .text = "sanktion"});
  set.Build();
  EXPECT_TRUE(MayHold(set, "gassanktion"));
  EXPECT_FALSE(MayHold(set, "nation"));
  EXPECT_FALSE(MayHold(set, "aktion"));
}

TEST(KeySet, HoldsNothingWhenEmpty) {
  KeySet set;
  set.Build();
  EXPECT_FALSE(MayHold(set, "truce"));
}

TEST(KeySet, HoldsAnythingForAPhraseWithoutAKey) {
  KeySet set;
  set.Add({.text = "truce"});
  set.AddAnything();
  set.Build();
  EXPECT_TRUE(MayHold(set, "word"));
}

}  // namespace
}  // namespace tocsin::rules
