// Properties of the fold over random mixtures of the scripts it knows.
#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <rapidcheck.h>
#include <unicode/uchar.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "rules/text/fold.h"
#include "tests/rules/normalized.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kPieces[] = {"cease",
                                        "FIRE",
                                        "7",
                                        " ",
                                        "-",
                                        "'",
                                        "’",
                                        ".",
                                        "\n",
                                        "é",
                                        "e\xCC\x81",
                                        "ß",
                                        "ı",
                                        "İ",
                                        "I\xCC\x87",
                                        "â",
                                        "a\xCC\x82",
                                        "€",
                                        "™",
                                        "œ",
                                        "²",
                                        "\xC2\xAD",
                                        "\xE2\x80\x8B",
                                        "\xE2\x80\x8C",
                                        "\xCC\x88",
                                        "\xCC\x86",
                                        "и",
                                        "й",
                                        "і",
                                        "ї",
                                        "ё",
                                        "Ω",
                                        "ᾳ",
                                        "\xCD\x85",
                                        "ש",
                                        "\xD6\xB8",
                                        "ا",
                                        "أ",
                                        "\xD9\x8E",
                                        "ـ",
                                        "ة",
                                        "٣",
                                        "द",
                                        "्",
                                        "ध",
                                        "ि",
                                        "๒",
                                        "ย",
                                        "ุ",
                                        "ำ",
                                        "\u0E4D",
                                        "\u0E32",
                                        "停",
                                        "火",
                                        "ガ",
                                        "カ",
                                        "\xE3\x82\x99",
                                        "ｶ",
                                        "ﾞ",
                                        "휴",
                                        "\xE1\x84\x92",
                                        "\xE1\x85\xB2",
                                        "Ａ",
                                        "ﷺ",
                                        "🕊",
                                        "\xF0\x9D\x90\x80",
                                        "Ă",
                                        "…",
                                        "Â",
                                        "\xC2\xA0",
                                        "=",
                                        "\xCC\xB8"};

// What normalization moves, joins or takes apart.
std::vector<std::string> ActivePieces() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* folding = icu::Normalizer2::getNFKCCasefoldInstance(error);
  std::vector<std::string> pieces;
  for (UChar32 c = 1; c <= UCHAR_MAX_VALUE; ++c) {
    if (U_IS_SURROGATE(c) || folding->isInert(c)) continue;
    icu::UnicodeString(c).toUTF8String(pieces.emplace_back());
  }
  return pieces;
}

std::string RandomText(const rc::Gen<std::string>& piece) {
  std::string text;
  for (const std::string& part : *rc::gen::container<std::vector<std::string>>(piece)) text += part;
  return text;
}

rc::Gen<std::string> KnownPiece() {
  return rc::gen::elementOf(std::vector<std::string>(std::begin(kPieces), std::end(kPieces)));
}

std::string RandomText() {
  static const std::vector<std::string> kActive = ActivePieces();
  return RandomText(
      rc::gen::weightedOneOf<std::string>({{3, KnownPiece()}, {1, rc::gen::elementOf(kActive)}}));
}

TEST(FoldProperty, FoldingAgainChangesNothing) {
  EXPECT_TRUE(rc::check([] {
    const std::string once = Fold(RandomText());
    RC_ASSERT(Fold(once) == once);
  }));
}

TEST(FoldProperty, CompositionDoesNotMatter) {
  EXPECT_TRUE(rc::check([] {
    UErrorCode error = U_ZERO_ERROR;
    const std::string text = RandomText();
    const std::string composed = Normalized(text, icu::Normalizer2::getNFCInstance(error));
    const std::string decomposed = Normalized(text, icu::Normalizer2::getNFDInstance(error));
    RC_ASSERT(Fold(composed) == Fold(decomposed));
  }));
}

TEST(FoldProperty, TokensAgreeWithTheStream) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = RandomText();
    Folder plain;
    Folder indexed;
    plain.Append(text, "");
    indexed.AppendWithTokens(text, "");
    RC_ASSERT(plain.stream() == indexed.stream());
    size_t at = 1;
    for (const Token& token : indexed.tokens()) {
      RC_ASSERT(token.folded_begin == at);
      RC_ASSERT(token.source_begin < token.source_end);
      RC_ASSERT(token.source_end <= text.size());
      at = indexed.stream().find(' ', at) + 1;
    }
    RC_ASSERT(at == indexed.stream().size());
  }));
}

// Not of any letters: one that folds to a space and more (U+0149) ends a word as no other does, and
// whether an â is debris depends on it.
TEST(FoldProperty, ATokenCutFromItsSourceFoldsToItself) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = RandomText(KnownPiece());
    Folder folder;
    folder.AppendWithTokens(text, "");
    for (const Token& token : folder.tokens()) {
      const size_t begin = token.folded_begin;
      const std::string want(
          folder.stream().substr(begin - 1, folder.stream().find(' ', begin) - begin + 2));
      const std::string got =
          Fold(text.substr(token.source_begin, token.source_end - token.source_begin), "und");
      RC_ASSERT(got.find(want) != std::string::npos);
    }
  }));
}

bool HaveSameTokens(Folder& slow, Folder& quick) {
  const std::vector<Token>& want = slow.tokens();
  const std::vector<Token>& got = quick.tokens();
  if (got.size() != want.size() || quick.bounds().size() != 2 * want.size()) return false;
  for (size_t i = 0; i < want.size(); ++i) {
    const Token& a = want[i];
    const Token& b = got[i];
    const bool is_same = a.source_begin == b.source_begin && a.source_end == b.source_end &&
                         quick.bounds()[2 * i] == b.folded_begin &&
                         quick.bounds()[2 * i + 1] == b.folded_end &&
                         slow.stream().substr(a.folded_begin, a.folded_end - a.folded_begin) ==
                             quick.stream().substr(b.folded_begin, b.folded_end - b.folded_begin) &&
                         slow.stream()[a.folded_end] == ' ';
    if (!is_same) return false;
  }
  return true;
}

// The soundness of the quick way: whatever dresses the words, its tokens are those of the fold.
TEST(FoldProperty, QuickTokensAreThoseOfTheFold) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    EXPECT_TRUE(rc::check(hwy::TargetName(target), [] {
      // Long enough for whole blocks, and cut anywhere by what is not plain.
      std::string text;
      const int parts = *rc::gen::inRange(1, 12);
      for (int i = 0; i < parts; ++i) {
        text += *rc::gen::element<std::string>(
            "Both sides agreed to a cease-fire, officials said. ",
            "“The truce’s terms” – and more… ", "sanctions", " ", "x");
        if (*rc::gen::inRange(0, 2) == 0) text += RandomText();
      }
      Folder slow;
      Folder quick;
      for (const std::string_view field :
           {std::string_view(text), std::string_view("and, more"), std::string_view(text)}) {
        slow.AppendWithTokens(field, "");
        quick.AppendTokens(field, "");
      }
      RC_ASSERT(HaveSameTokens(slow, quick));
    }));
  }
  hwy::SetSupportedTargetsForTest(0);
}

// Vectors know some of them by their bytes, which may stand on both sides of a block's end.
TEST(FoldProperty, QuickTokensAreThoseOfTheFoldWithEachCodePointAtABlocksEnd) {
  const std::string words =
      "truce talks resumed on monday and the two sides met in the city hall again";
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    Folder slow;
    Folder quick;
    for (UChar32 c = 0x80; c < 0x10000; ++c) {
      if (U_IS_SURROGATE(c)) continue;
      std::string sign;
      icu::UnicodeString(c).toUTF8String(sign);
      for (const size_t place : {10, 61, 62, 63}) {
        for (const std::string_view behind : {std::string_view(), std::string_view(words)}) {
          slow.Clear();
          quick.Clear();
          std::string text = words.substr(0, place);
          text.append(sign).append(behind);
          slow.AppendWithTokens(text, "");
          quick.AppendTokens(text, "");
          ASSERT_TRUE(HaveSameTokens(slow, quick))
              << hwy::TargetName(target) << " U+" << std::hex << c << " at " << place;
        }
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace
}  // namespace tocsin::rules
