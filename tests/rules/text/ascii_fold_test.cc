#include "rules/text/ascii_fold.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace tocsin::rules {
namespace {

using FoldFunction = AsciiFold (*)(const char*, size_t, bool, char*);

std::string FoldWith(FoldFunction fold, const std::string& text, bool after_space,
                     size_t* consumed) {
  std::string out(text.size() + kFoldAsciiSlack, '#');
  const AsciiFold done = fold(text.data(), text.size(), after_space, out.data());
  *consumed = done.consumed;
  out.resize(done.written);
  return out;
}

// Text with long words, long gaps, and now and then a byte that is no ASCII.
std::string RandomText() {
  const std::vector<std::string> pieces = {"a",
                                           "Z",
                                           "ceasefire",
                                           "09",
                                           " ",
                                           "  ",
                                           ", ",
                                           "@[`{/:",
                                           "\n",
                                           "\x7F",
                                           "a sentence of plain words without anything else in it",
                                           "\xC3\xA9"};
  const auto indices = *rc::gen::container<std::vector<size_t>>(
      rc::gen::weightedOneOf<size_t>({{40, rc::gen::inRange<size_t>(0, pieces.size() - 1)},
                                      {1, rc::gen::just(pieces.size() - 1)}}));
  std::string text;
  for (const size_t index : indices) text += pieces[index];
  return text;
}

TEST(AsciiFoldProperty, EveryTargetGivesTheSameBytes) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    EXPECT_TRUE(rc::check(hwy::TargetName(target), [] {
      const std::string text = RandomText();
      const bool after_space = *rc::gen::arbitrary<bool>();
      size_t want_consumed = 0;
      size_t got_consumed = 0;
      const std::string want = FoldWith(&FoldAsciiScalar, text, after_space, &want_consumed);
      const std::string got = FoldWith(&FoldAscii, text, after_space, &got_consumed);
      RC_ASSERT(got == want);
      RC_ASSERT(got_consumed == want_consumed);
    }));
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace
}  // namespace tocsin::rules
