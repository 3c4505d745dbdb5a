#include "rules/text/debris.h"

#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kA = "\xC3\xA2";  // â

std::optional<char32_t> CodePointAt(std::string_view text, size_t at, size_t* end) {
  *end = at;
  if (at >= text.size()) return std::nullopt;
  return NextCodePoint(text, end);
}

bool InTokenAt(std::string_view text, size_t at) {
  size_t end;
  const auto c = CodePointAt(text, at, &end);
  return c && CharTable::Get().Lookup(*c).in_token();
}

// The letters among what cp1252 and cp1250 make of the bytes 80 to BF.
bool IsTrailingByteLetter(char32_t c) {
  constexpr std::u32string_view kLetters = U"œŒšŠžŽŸƒµśŚťŤźŹşŞľĽżŻłŁą\u02C6";
  return kLetters.find(c) != std::u32string_view::npos;
}

// E2 80 xx, a curly quote, dash or ellipsis: â, then what 80 became, then what xx became.
size_t CircumflexLength(std::string_view text, size_t at, bool in_token, LeadingDebris* leading) {
  size_t end;
  const auto second = CodePointAt(text, at + kA.size(), &end);
  if (second == 0x20AC || second == 0x80) {
    size_t third_end;
    const auto third = CodePointAt(text, end, &third_end);
    return (third && IsTrailingByteLetter(*third) ? third_end : end) - at;
  }
  return IsLoneCircumflex(text, at + kA.size(), in_token, leading) ? kA.size() : 0;
}

}  // namespace

bool IsLoneCircumflex(std::string_view text, size_t end, bool in_token, LeadingDebris* leading) {
  if (!InTokenAt(text, end)) return true;
  return !in_token && leading->IsDebris();
}

bool LeadingDebris::IsDebris() {
  if (!known_) {
    known_ = language_.empty() || language_ == "en" || language_.starts_with("en-");
    for (size_t at = text_.find(kA); !*known_ && at != std::string_view::npos;
         at = text_.find(kA, at + 1)) {
      known_ = !InTokenAt(text_, at + kA.size());
    }
  }
  return *known_;
}

size_t DebrisLength(std::string_view text, size_t at, bool in_token, LeadingDebris* leading) {
  size_t end = at;
  const char32_t c = NextCodePoint(text, &end);
  if (c == U'â') return CircumflexLength(text, at, in_token, leading);
  size_t next_end;
  const auto next = CodePointAt(text, end, &next_end);
  if (!next) return 0;
  const bool is_debris =
      (c == U'Ă' && (*next == 0x2026 || *next == 0x02D8)) ||        // C3 xx, and C3 A2 twice read
      (c == U'Ĺ' && (*next == 0x201C || *next == 0x201D)) ||        // C5 93, C5 94 twice read
      (c == U'Â' && *next >= 0xA0 && *next <= 0xBF && *next != 0xB5);  // C2 xx: a no-break space or sign
  return is_debris ? end - at : 0;
}

}  // namespace tocsin::rules
