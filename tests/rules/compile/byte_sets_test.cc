#include "rules/compile/byte_sets.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace tocsin::rules {
namespace {

using Pattern = ByteSets::Pattern;
using Five = std::array<char, ByteSets::kPlaces>;

// Few letters, so that patterns share them; one beyond ASCII, one that ends in the same seven bits.
char RandomByte() { return *rc::gen::element('a', 'b', 'c', ' ', '\xE1', '\xD0'); }

Pattern RandomPattern() {
  Pattern pattern;
  for (auto& byte : pattern) {
    if (*rc::gen::inRange(0, 6) > 0) byte = RandomByte();
  }
  return pattern;
}

bool MayHold(const ByteSets& sets, const Five& five) {
  uint8_t held_by = 0xFF;
  for (size_t i = 0; i < five.size(); ++i) held_by &= sets.places()[i][five[i] & 0x7F];
  return held_by != 0;
}

RC_GTEST_PROP(ByteSetsProperty, HoldAllStringsOfEachPattern, ()) {
  std::vector<Pattern> patterns(*rc::gen::inRange(0, 40));
  std::generate(patterns.begin(), patterns.end(), RandomPattern);
  ByteSets sets;
  sets.Build(patterns);
  for (const Pattern& pattern : patterns) {
    Five five;
    std::transform(pattern.begin(), pattern.end(), five.begin(),
                   [](auto byte) { return byte ? *byte : RandomByte(); });
    RC_ASSERT(MayHold(sets, five));
  }
}

TEST(ByteSets, HoldNothingWithoutPatterns) {
  EXPECT_FALSE(MayHold(ByteSets(), {'a', 'b', 'c', 'd', 'e'}));
}

TEST(ByteSets, OfUnlikePatternsHoldNoneButThem) {
  std::vector<Pattern> patterns;
  for (const char first : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    patterns.push_back({first, first, std::nullopt, first, first});
  }
  ByteSets sets;
  sets.Build(patterns);
  EXPECT_TRUE(MayHold(sets, {'a', 'a', 'x', 'a', 'a'}));
  EXPECT_TRUE(MayHold(sets, {'h', 'h', 'a', 'h', 'h'}));
  EXPECT_FALSE(MayHold(sets, {'a', 'a', 'x', 'a', 'b'}));
}

}  // namespace
}  // namespace tocsin::rules
