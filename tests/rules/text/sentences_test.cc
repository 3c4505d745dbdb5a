// What is told of a sentence's beginning by what stands around it is what ICU finds.
#include "rules/text/sentences.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "rules/text/fold.h"

namespace tocsin::rules {
namespace {

std::string RandomText() {
  static const std::vector<std::string> kPieces = {"word",
                                                   "Word",
                                                   "U.S",
                                                   "Dr",
                                                   "a",
                                                   "B",
                                                   "3",
                                                   "停火",
                                                   "кот",
                                                   "Кот",
                                                   "هدنة",
                                                   "é",
                                                   "É",
                                                   ".",
                                                   "?",
                                                   "!",
                                                   "…",
                                                   "。",
                                                   "؟",
                                                   ",",
                                                   ":",
                                                   ";",
                                                   "-",
                                                   "–",
                                                   "“",
                                                   "”",
                                                   "’",
                                                   "(",
                                                   ")",
                                                   "\"",
                                                   "»",
                                                   "*",
                                                   " ",
                                                   " ",
                                                   " ",
                                                   "\n",
                                                   "\n\n",
                                                   "\r\n",
                                                   "\xC2\xAD",
                                                   "\xC2\x85",
                                                   "\xE2\x80\xA8",
                                                   "\xE2\x80\xA9",
                                                   "\xC2\xA0",
                                                   "\xCC\x81"};
  std::string text;
  const auto picks =
      *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, kPieces.size()));
  for (const size_t pick : picks) text += kPieces[pick];
  return text;
}

TEST(Sentences, WhatStandsAroundAGapDecidesAsIcuDoes) {
  SentenceBreaker breaker;
  EXPECT_TRUE(rc::check([&] {
    const std::string text = RandomText();
    const auto language = *rc::gen::element<std::string>("", "en", "de", "fr", "es", "pt", "ru",
                                                         "uk", "ar", "zh", "ja", "tr", "he", "th");
    std::vector<uint32_t> begins;
    RC_ASSERT(breaker.Find(text, language, &begins).ok());
    Folder folder;
    folder.AppendWithTokens(text, language);
    for (size_t i = 0; i + 1 < folder.tokens().size(); ++i) {
      const uint32_t begin = folder.tokens()[i].source_end;
      const uint32_t end = folder.tokens()[i + 1].source_begin;
      if (end <= begin) continue;
      const bool want = std::any_of(begins.begin(), begins.end(),
                                    [&](uint32_t at) { return begin < at && at <= end; });
      const auto got = breaker.BeginsIn(text, language, begin, end);
      RC_ASSERT(got.ok());
      RC_ASSERT(*got == want);
    }
  }));
}

}  // namespace
}  // namespace tocsin::rules
