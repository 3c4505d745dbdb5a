#include "rules/text/debris.h"

#include "rules/base/language.h"
#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kA = "\xC3\xA2";  // â
constexpr std::string_view kDecomposedA = "a\xCC\x82";

struct Next {
  std::optional<char32_t> c;
  CharKind kind = CharKind::kPunctuation;
  size_t end = 0;
};

Next NextAt(std::string_view text, size_t at) {
  if (at >= text.size()) return {.end = at};
  Next next{.end = at};
  next.c = NextCodePoint(text, &next.end);
  next.kind = CharTable::Get().Lookup(*next.c).kind;
  return next;
}

// A soft hyphen may stand in any word: what follows is what stands behind it.
size_t SkipIgnorables(std::string_view text, size_t at) {
  for (Next next = NextAt(text, at); next.kind == CharKind::kIgnorable; next = NextAt(text, at)) {
    at = next.end;
  }
  return at;
}

// The letters among what cp1252 and cp1250 make of the bytes 80 to BF.
bool IsTrailingByteLetter(char32_t c) {
  constexpr std::u32string_view kLetters = U"œŒšŠžŽŸƒµśŚťŤźŹşŞľĽżŻłŁą\u02C6";
  return kLetters.find(c) != std::u32string_view::npos;
}

// The letter at `at` that debris may begin with, composed or not.
Next LetterAt(std::string_view text, size_t at) {
  Next letter = NextAt(text, at);
  if (!letter.c || MayBeDebris(*letter.c)) return letter;
  const Next mark = NextAt(text, letter.end);
  if (const auto composed = ComposedDebris(text[at], mark.c.value_or(0))) {
    letter.c = composed;
    letter.end = mark.end;
  }
  return letter;
}

bool IsFirstOfThree(char32_t c, char32_t follower) {  // E2 80 xx: a curly quote, dash or ellipsis
  return c == U'â' && (follower == 0x20AC || follower == 0x80);
}

// Not the letters among them, nor ¨, which composes with what stands behind it.
bool IsSignOfLatin1(char32_t c) { return c >= 0xA0 && c <= 0xBF && c != 0xB5 && c != 0xA8; }

bool IsFirstOfTwo(char32_t c, char32_t follower) {
  return (c == U'Ă' && (follower == 0x2026 || follower == 0x02D8)) ||  // C3 xx, C3 A2 twice read
         (c == U'Ĺ' && (follower == 0x201C || follower == 0x201D)) ||  // C5 93, C5 94 twice read
         (c == U'Â' && IsSignOfLatin1(follower));                      // C2 xx
}

}  // namespace

// Nothing but a word behind an â makes it part of one.
bool Debris::IsLone(size_t end, bool in_token) {
  end = SkipIgnorables(text_, end);
  if (NextAt(text_, end).kind == CharKind::kMark) return false;  // ấ and its like, taken apart
  if (!IsWordBehindRow(end)) return true;
  return !in_token && IsBeforeWords();
}

// Whether a word goes on at `at`, behind any number of â.
bool Debris::IsWordBehindRow(size_t at) {
  if (at >= row_begin_ && at <= row_end_) return is_word_behind_row_;
  row_begin_ = at;
  Next letter = LetterAt(text_, at);
  char32_t follower = NextAt(text_, letter.end).c.value_or(0);
  while (letter.c == U'â' && !IsFirstOfThree(U'â', follower)) {
    at = SkipIgnorables(text_, letter.end);
    letter = LetterAt(text_, at);
    follower = NextAt(text_, letter.end).c.value_or(0);
  }
  row_end_ = at;
  const bool is_debris = letter.c == U'â' || IsFirstOfTwo(letter.c.value_or(0), follower);
  const bool is_word = letter.kind == CharKind::kWord || letter.kind == CharKind::kMark;
  is_word_behind_row_ = is_word && !is_debris;
  return is_word_behind_row_;
}

// Whether a lone â before a word is an opening quote's debris. French, Romanian and Vietnamese have
// words that begin with â: in a text known to be in another language than English only other debris
// in the same text proves it. (No language ends words in â: behind a word, or alone, it always is
// debris.)
bool Debris::IsBeforeWords() {
  if (is_before_words_) return *is_before_words_;
  bool is_debris = language_.empty() || PrimarySubtag(language_) == "en";
  for (const std::string_view a : {kA, kDecomposedA}) {
    for (size_t at = text_.find(a); !is_debris && at != std::string_view::npos;
         at = text_.find(a, at + 1)) {
      const CharKind kind = NextAt(text_, SkipIgnorables(text_, at + a.size())).kind;
      is_debris = kind != CharKind::kWord && kind != CharKind::kMark;
    }
  }
  is_before_words_ = is_debris;
  return is_debris;
}

std::optional<size_t> Debris::Behind(char32_t c, size_t end, bool in_token) {
  const Next next = NextAt(text_, end);
  const char32_t follower = next.c.value_or(0);
  if (IsFirstOfThree(c, follower)) {  // what 80 became, then what xx became
    const Next third = NextAt(text_, next.end);
    return (third.c && IsTrailingByteLetter(*third.c) ? third.end : next.end) - end;
  }
  const bool is_debris = IsFirstOfTwo(c, follower) || (c == U'â' && IsLone(end, in_token));
  return is_debris ? std::optional<size_t>(0) : std::nullopt;
}

std::optional<char32_t> ComposedDebris(char base, char32_t mark) {
  constexpr char32_t kAcute = 0x0301;
  constexpr char32_t kCircumflex = 0x0302;
  constexpr char32_t kBreve = 0x0306;
  if (base == 'a' && mark == kCircumflex) return U'â';
  if (base == 'A' && mark == kCircumflex) return U'Â';
  if (base == 'A' && mark == kBreve) return U'Ă';
  if (base == 'L' && mark == kAcute) return U'Ĺ';
  return std::nullopt;
}

}  // namespace tocsin::rules
