#include "rules/text/quote.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin::rules {
namespace {

TEST(QuoterTest, CountsCodePointsNotBytes) {
  Quoter quoter;
  quoter.Reset("é🕊 truce 停火");
  const Quote truce = quoter.Cut(7, 12);
  EXPECT_EQ(truce.exact, "truce");
  EXPECT_EQ(truce.start, 3u);
  EXPECT_EQ(truce.end, 8u);
  EXPECT_EQ(truce.prefix, "é🕊 ");
  EXPECT_EQ(truce.suffix, " 停火");
}

TEST(QuoterTest, KeepsThirtyTwoCodePointsOfContext) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "é";
  const size_t begin = text.size();
  text += "x";
  for (int i = 0; i < 40; ++i) text += "停";
  Quoter quoter;
  quoter.Reset(text);
  const Quote quote = quoter.Cut(begin, begin + 1);
  EXPECT_EQ(quote.start, 40u);
  EXPECT_EQ(quote.prefix.size(), 32u * 2);
  EXPECT_EQ(quote.suffix.size(), 32u * 3);
}

TEST(QuoterTest, CountsTheContextWhereverItEnds) {
  for (size_t ascii = 28; ascii < 36; ++ascii) {
    std::string text = "é";
    text.append(ascii, 'a').append("x").append(ascii, 'a').append("停");
    Quoter quoter;
    quoter.Reset(text);
    const Quote quote = quoter.Cut(2 + ascii, 3 + ascii);
    EXPECT_EQ(quote.prefix.size(), ascii < 32 ? ascii + 2 : 32) << ascii;
    EXPECT_EQ(quote.suffix.size(), ascii < 32 ? ascii + 3 : 32) << ascii;
  }
}

TEST(QuoterTest, CountsFarInALongText) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "é";
  text += "x";
  Quoter quoter;
  quoter.Reset(text);
  EXPECT_EQ(quoter.Cut(text.size() - 1, text.size()).start, 1000u);
}

TEST(QuoterTest, GoesBackWhenAsked) {
  Quoter quoter;
  quoter.Reset("née one two");
  EXPECT_EQ(quoter.Cut(9, 12).start, 8u);
  EXPECT_EQ(quoter.Cut(5, 8).start, 4u);
}

}  // namespace
}  // namespace tocsin::rules
