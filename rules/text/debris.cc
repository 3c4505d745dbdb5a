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

// Nothing but a word behind an â makes it part of one.
bool IsLone(std::string_view text, size_t end, bool in_token, LeadingDebris* leading) {
  end = SkipIgnorables(text, end);
  const std::string_view rest = text.substr(end);
  const CharKind kind = NextAt(text, end).kind;
  if (kind == CharKind::kMark) return false;  // ấ and its like, taken apart
  for (const std::string_view another : {kA, kDecomposedA}) {
    if (rest.starts_with(another) && IsLone(text, end + another.size(), true, leading)) return true;
  }
  if (kind != CharKind::kWord) return true;
  return !in_token && leading->IsDebris();
}

}  // namespace

bool LeadingDebris::IsDebris() {
  if (!known_) {
    known_ = language_.empty() || PrimarySubtag(language_) == "en";
    for (size_t at = text_.find(kA); !*known_ && at != std::string_view::npos;
         at = text_.find(kA, at + 1)) {
      const CharKind kind = NextAt(text_, SkipIgnorables(text_, at + kA.size())).kind;
      known_ = kind != CharKind::kWord && kind != CharKind::kMark;
    }
  }
  return *known_;
}

std::optional<size_t> DebrisBehind(char32_t c, std::string_view text, size_t end, bool in_token,
                                   LeadingDebris* leading) {
  const Next next = NextAt(text, end);
  const char32_t follower = next.c.value_or(0);
  if (c == U'â' && (follower == 0x20AC || follower == 0x80)) {
    // E2 80 xx, a curly quote, dash or ellipsis: what 80 became, then what xx became.
    const Next third = NextAt(text, next.end);
    return (third.c && IsTrailingByteLetter(*third.c) ? third.end : next.end) - end;
  }
  const bool is_debris =
      (c == U'â' && IsLone(text, end, in_token, leading)) ||
      (c == U'Ă' && (follower == 0x2026 || follower == 0x02D8)) ||  // C3 xx, and C3 A2 twice read
      (c == U'Ĺ' && (follower == 0x201C || follower == 0x201D)) ||  // C5 93, C5 94 twice read
      (c == U'Â' && follower >= 0xA0 && follower <= 0xBF && follower != 0xB5);  // C2 xx: a sign
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
