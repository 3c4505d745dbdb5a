// NEAR and NOT NEAR against brute force over random occurrences.
#include "rules/match/proximity.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tocsin::rules {
namespace {

constexpr uint32_t kTokens = 30;

// Thirty words with sentences and paragraphs between some of them.
std::string RandomText() {
  const std::vector<std::string> gaps = {" ", ", ", ". ", "\n\n"};
  std::string text;
  for (uint32_t i = 0; i < kTokens; ++i) {
    text += "Word" + gaps[*rc::gen::weightedElement<size_t>({{8, 0}, {2, 1}, {2, 2}, {1, 3}})];
  }
  return text + "End";
}

Occurrences RandomOccurrences() {
  const auto pairs = *rc::gen::container<std::vector<std::pair<uint32_t, uint32_t>>>(
      rc::gen::pair(rc::gen::inRange<uint32_t>(0, kTokens), rc::gen::inRange<uint32_t>(0, 4)));
  Occurrences all;
  for (const auto& [first, length] : pairs) {
    const uint32_t last = std::min(first + length, kTokens - 1);
    all.push_back({.first = first,
                   .last = last,
                   .span = {.field = Field::kBody, .begin = first, .end = last}});
  }
  std::sort(all.begin(), all.end(), [](const Occurrence& a, const Occurrence& b) {
    return std::pair(a.first, a.last) < std::pair(b.first, b.last);
  });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

class Oracle {
 public:
  explicit Oracle(Gaps* gaps) : gaps_(*gaps) {}

  bool Reaches(const Occurrence& a, const Occurrence& b, const Reach& reach) {
    return a.last < b.first && b.first - a.last <= reach.tokens_max &&
           gaps_.Widest(a.first, std::max(a.last, b.last), Gap::kField) <= reach.gap_max;
  }

  std::vector<std::pair<uint32_t, uint32_t>> Near(const Occurrences& left, const Occurrences& right,
                                                  const Reach& reach) {
    std::vector<std::pair<uint32_t, uint32_t>> all;
    for (const Occurrence& l : left) {
      for (const Occurrence& r : right) {
        if (Reaches(l, r, reach)) all.emplace_back(l.first, r.last);
        if (!reach.ordered && Reaches(r, l, reach)) all.emplace_back(r.first, l.last);
      }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::vector<std::pair<uint32_t, uint32_t>> minimal;
    for (const auto& a : all) {
      const bool covers_another = std::any_of(all.begin(), all.end(), [&](const auto& b) {
        return b != a && a.first <= b.first && b.second <= a.second;
      });
      if (!covers_another) minimal.push_back(a);
    }
    return minimal;
  }

  std::vector<std::pair<uint32_t, uint32_t>> NotNear(const Occurrences& left,
                                                     const Occurrences& right, const Reach& reach) {
    std::vector<std::pair<uint32_t, uint32_t>> clean;
    for (const Occurrence& l : left) {
      const bool spoiled = std::any_of(right.begin(), right.end(), [&](const Occurrence& r) {
        return Reaches(l, r, reach) || (!reach.ordered && Reaches(r, l, reach));
      });
      if (!spoiled) clean.emplace_back(l.first, l.last);
    }
    return clean;
  }

 private:
  Gaps& gaps_;
};

std::vector<std::pair<uint32_t, uint32_t>> Ends(const Occurrences& all) {
  std::vector<std::pair<uint32_t, uint32_t>> ends;
  for (const Occurrence& o : all) ends.emplace_back(o.first, o.last);
  return ends;
}

TEST(ProximityProperty, AgreesWithBruteForce) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = RandomText();
    Folder folder;
    folder.AppendWithTokens(text, "en");
    const auto count = static_cast<uint32_t>(folder.tokens().size());
    const Document document{.body = text, .language = "en"};
    Gaps gaps;
    gaps.Reset(document, folder.stream(), folder.tokens(), {{{0, 0}, {0, 0}, {0, count}}});
    const Reach reach{
        .ordered = *rc::gen::arbitrary<bool>(),
        .tokens_max = *rc::gen::element<uint32_t>(1, 2, 3, 5, 8, UINT32_MAX),
        .gap_max = *rc::gen::element(Gap::kPunctuation, Gap::kSentence, Gap::kParagraph)};
    const Occurrences left = RandomOccurrences();
    const Occurrences right = RandomOccurrences();
    Oracle oracle(&gaps);
    Occurrences found;
    FindNear(left, right, reach, &gaps, &found);
    RC_ASSERT(Ends(found) == oracle.Near(left, right, reach));
    ReachedScratch scratch;
    FindNotNear(left, right, reach, &gaps, &scratch, &found);
    RC_ASSERT(Ends(found) == oracle.NotNear(left, right, reach));
  }));
}

}  // namespace
}  // namespace tocsin::rules
