#include "rules/text/char_table.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <cstring>

#include "rules/text/debris.h"

namespace tocsin::rules {
namespace {

constexpr char32_t kIotaSubscript = 0x0345;

const icu::Normalizer2& CaseFolding() {
  UErrorCode error = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFKCCasefoldInstance(error);
}

const icu::Normalizer2& Composition() {
  UErrorCode error = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFCInstance(error);
}

const icu::Normalizer2& Decomposition() {
  UErrorCode error = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFDInstance(error);
}

bool StripsMarks(char32_t c) {
  switch (UErrorCode error = U_ZERO_ERROR; uscript_getScript(static_cast<UChar32>(c), &error)) {
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_CYRILLIC:
      return true;
    default:
      return false;
  }
}

bool IsClusterScript(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  if (code_point == 0x30FC || code_point == 0xFF70) return true;  // prolonged sound mark: Common
  switch (UErrorCode error = U_ZERO_ERROR; uscript_getScript(code_point, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
      return true;
    default:
      return false;
  }
}

// й and ї are letters of their own, not и and і with a mark.
bool KeepsItsMark(char32_t c) { return c == U'й' || c == U'ї'; }

// Decimal digits, and letters without a decomposition that readers hold for the plain one. The Arabic ones follow
// Lucene's ArabicNormalizer; alef with hamza or madda comes apart by decomposition.
char32_t Unify(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  if (u_charType(code_point) == U_DECIMAL_DIGIT_NUMBER) {
    return U'0' + static_cast<char32_t>(u_charDigitValue(code_point));
  }
  switch (c) {
    case U'ı':
      return U'i';
    case U'ł':
      return U'l';
    case U'ø':
      return U'o';
    case U'đ':
      return U'd';
    case 0x0671:  // alef wasla
      return 0x0627;
    case 0x0649:  // alef maksura
    case 0x06CC:  // Farsi yeh
      return 0x064A;
    case 0x0629:  // teh marbuta
      return 0x0647;
    default:
      return c;
  }
}

bool IsHyphen(char32_t c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2013) || c == 0x2212 || c == 0xFE63 || c == 0xFF0D ||
         c == 0x058A || c == 0x05BE;
}

bool IsApostrophe(char32_t c) {
  return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x02B9 || c == 0x02BC || c == 0xFF07;
}

bool IsRaisedOrLowered(char32_t c) {
  const int type = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_DECOMPOSITION_TYPE);
  return type == U_DT_SUPER || type == U_DT_SUB;
}

// A mark shown by itself: ypogegrammeni (U+037A), the isolated forms of Arabic marks.
bool StandsOnASpace(char32_t c) {
  icu::UnicodeString parts;
  return CaseFolding().getDecomposition(static_cast<UChar32>(c), parts) && parts.startsWith(u" ");
}

CharKind KindOf(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  if (IsHyphen(c)) return CharKind::kHyphen;
  if (IsApostrophe(c)) return CharKind::kApostrophe;
  if (c == 0x200C) return CharKind::kNonJoiner;
  constexpr char32_t kTatweel = 0x0640;
  if (c == kTatweel || u_hasBinaryProperty(code_point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
    return CharKind::kIgnorable;
  }
  if (u_isUWhiteSpace(code_point)) return CharKind::kSpace;
  if (IsRaisedOrLowered(c) || StandsOnASpace(c)) return CharKind::kPunctuation;
  if (c == kIotaSubscript) return CharKind::kWord;  // a mark that folds to a letter
  const uint32_t category = U_GET_GC_MASK(code_point);
  if (category & U_GC_M_MASK) return CharKind::kMark;
  if (category & U_GC_ND_MASK) return CharKind::kWord;
  if (category & (U_GC_L_MASK | U_GC_NL_MASK)) {
    return IsClusterScript(c) ? CharKind::kCluster : CharKind::kWord;
  }
  return CharKind::kPunctuation;
}

void AppendUtf8(char32_t c, std::string* out) {
  icu::UnicodeString(static_cast<UChar32>(c)).toUTF8String(*out);
}

bool IsNonspacingMark(char32_t c) {
  return u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK;
}

// As few marks do: U+0344 is a diaeresis and an acute.
bool Decomposes(char32_t c) {
  icu::UnicodeString parts;
  return Decomposition().getDecomposition(static_cast<UChar32>(c), parts);
}

bool EndsInAMark(const icu::UnicodeString& text) {
  return u_getCombiningClass(text.char32At(text.length() - 1)) != 0;
}

// Virama, Thai vowels and tones, and more.
bool IsOnlyOrdered(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  UErrorCode error = U_ZERO_ERROR;
  return u_getIntPropertyValue(code_point, UCHAR_NFC_QUICK_CHECK) == UNORM_YES &&
         CaseFolding().isNormalized(icu::UnicodeString(code_point), error);
}

// Taken apart, with no more marks behind a letter than Unicode's Stream-Safe Text Format allows (UAX
// #15, 13): to order n takes n² steps.
icu::UnicodeString WithFewMarks(const icu::UnicodeString& text) {
  constexpr int kMarksMax = 30;
  icu::UnicodeString out;
  int marks = 0;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    icu::UnicodeString parts;
    if (!Decomposition().getDecomposition(c, parts)) parts = c;
    for (int32_t j = 0; j < parts.length(); j = parts.moveIndex32(j, 1)) {
      const UChar32 part = parts.char32At(j);
      icu::UnicodeString folded;
      if (!CaseFolding().getDecomposition(part, folded)) folded = part;
      const bool is_mark = part == static_cast<UChar32>(kIotaSubscript) || EndsInAMark(folded);
      marks = is_mark ? marks + 1 : 0;
      if (marks <= kMarksMax) out.append(part);
    }
  }
  return out;
}

// Strips and unifies text that is case folded and composed.
icu::UnicodeString StripAndUnify(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  bool strips = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(text.char32At(i));
    icu::UnicodeString parts;
    if (KeepsItsMark(c) || !Composition().getRawDecomposition(static_cast<UChar32>(c), parts) ||
        !StripsMarks(c)) {
      parts = icu::UnicodeString(static_cast<UChar32>(c));
    } else {
      UErrorCode error = U_ZERO_ERROR;
      parts = Decomposition().normalize(parts, error);
    }
    for (int32_t j = 0; j < parts.length(); j = parts.moveIndex32(j, 1)) {
      const auto part = static_cast<char32_t>(parts.char32At(j));
      if (KindOf(part) == CharKind::kIgnorable) continue;  // the tatweel under a mark (U+FE77)
      if (IsNonspacingMark(part)) {
        if (!strips) out.append(static_cast<UChar32>(part));
        continue;
      }
      const char32_t unified = Unify(part);
      // Nor does a spacing mark begin anew where marks behind it may be put before it.
      if (u_getCombiningClass(static_cast<UChar32>(part)) == 0) strips = StripsMarks(unified);
      out.append(static_cast<UChar32>(unified));
    }
  }
  UErrorCode error = U_ZERO_ERROR;
  return Composition().normalize(out, error);
}

}  // namespace

void FoldSegment(std::string_view segment, std::string* out) {
  UErrorCode error = U_ZERO_ERROR;
  const auto source = icu::UnicodeString::fromUTF8(
      icu::StringPiece(segment.data(), static_cast<int32_t>(segment.size())));
  // Decomposed first, as the iota subscript folds to a letter that no mark can pass (Unicode, D145).
  const icu::UnicodeString decomposed = Decomposition().normalize(WithFewMarks(source), error);
  StripAndUnify(CaseFolding().normalize(decomposed, error)).toUTF8String(*out);
}

// Han and Hangul, most of the table, fold to themselves: no need to normalize each.
static std::string FoldOne(char32_t c, bool strips_marks) {
  std::string source;
  AppendUtf8(c, &source);
  UErrorCode error = U_ZERO_ERROR;
  const bool is_digit = u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER;
  if (!strips_marks && !is_digit &&
      CaseFolding().isNormalized(icu::UnicodeString(static_cast<UChar32>(c)), error)) {
    return source;
  }
  std::string folded;
  FoldSegment(source, &folded);
  return folded;
}

static bool HoldsIotaSubscript(char32_t c) {
  icu::UnicodeString parts;
  return Decomposition().getDecomposition(static_cast<UChar32>(c), parts) &&
         parts.indexOf(static_cast<UChar32>(kIotaSubscript)) >= 0;
}

static bool IsAllMarks(std::string_view folded) {
  for (size_t at = 0; at < folded.size();) {
    if (KindOf(NextCodePoint(folded, &at)) != CharKind::kMark) return false;
  }
  return !folded.empty();
}

CharEntry CharTable::Classify(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  CharEntry entry;
  entry.kind = KindOf(c);
  if (!entry.in_token()) return entry;
  const std::string folded = FoldOne(c, StripsMarks(c));
  const bool holds_a_mark = entry.kind != CharKind::kMark && IsAllMarks(folded);
  if (holds_a_mark) entry.kind = CharKind::kMark;  // U+FE77: on a tatweel
  entry.combines =
      holds_a_mark || c == kIotaSubscript || !CaseFolding().hasBoundaryBefore(code_point);
  entry.strippable = entry.kind == CharKind::kMark && IsNonspacingMark(c) && !Decomposes(c);
  entry.only_ordered = entry.kind == CharKind::kMark && entry.combines && IsOnlyOrdered(c);
  if (entry.only_ordered) entry.bytes[0] = static_cast<char>(u_getCombiningClass(code_point));
  if (folded.size() > sizeof(entry.bytes) || entry.combines) return entry;
  // A letter may fold to something that is none (U+FDFA: four words): such go the long way.
  for (size_t at = 0; at < folded.size();) {
    const char32_t part = NextCodePoint(folded, &at);
    if (KindOf(part) != entry.kind) return entry;
    entry.strips_marks = StripsMarks(part);
  }
  if (HoldsIotaSubscript(c)) return entry;  // which folds to a letter behind all marks
  entry.simple = true;
  entry.alone = entry.kind != CharKind::kMark && !MayBeDebris(c) && !IsSaraAm(c);
  entry.length = static_cast<uint8_t>(folded.size());
  std::memcpy(entry.bytes, folded.data(), folded.size());
  return entry;
}

CharTable::CharTable() : entries_(std::make_unique<CharEntry[]>(kSize)) {
  for (char32_t c = 0; c < kSize; ++c) {
    if (c >= 0xD800 && c <= 0xF8FF) continue;  // surrogates and private use: punctuation
    entries_[c] = Classify(c);
  }
}

const CharTable& CharTable::Get() {
  static const CharTable kTable;
  return kTable;
}

}  // namespace tocsin::rules
