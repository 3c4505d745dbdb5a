#include "rules/text/sentence_rules.h"

#include <unicode/uchar.h>

#include <array>
#include <cstdint>

#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

int PropertyOf(char32_t c) {
  static const auto* const kAscii = [] {
    auto* properties = new std::array<int8_t, 128>();
    for (int ascii = 0; ascii < 128; ++ascii) {
      (*properties)[static_cast<size_t>(ascii)] =
          static_cast<int8_t>(u_getIntPropertyValue(ascii, UCHAR_SENTENCE_BREAK));
    }
    (*properties)['\n'] = (*properties)['\r'] = U_SB_SP;
    return properties;
  }();
  return c < 128 ? (*kAscii)[c]
                 : u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_SENTENCE_BREAK);
}

bool IsSkipped(int property) { return property == U_SB_EXTEND || property == U_SB_FORMAT; }
bool IsSeparator(int property) {
  return property == U_SB_SEP || property == U_SB_CR || property == U_SB_LF;
}
bool IsTerm(int property) { return property == U_SB_ATERM || property == U_SB_STERM; }
bool IsCased(int property) { return property == U_SB_UPPER || property == U_SB_LOWER; }

// Characters with their properties, those that SB5 skips left out.
class Reader {
 public:
  Reader(std::string_view text, size_t at) : text_(text), at_(at) { Skip(); }

  bool done() const { return at_ >= text_.size(); }
  size_t at() const { return at_; }
  size_t behind() const { return next_; }
  int property() const { return property_; }
  void Next() {
    at_ = next_;
    Skip();
  }

 private:
  void Skip() {
    property_ = U_SB_OTHER;
    for (; at_ < text_.size(); at_ = next_) {
      next_ = at_;
      property_ = PropertyOf(NextCodePoint(text_, &next_));
      if (!IsSkipped(property_)) return;
    }
  }

  std::string_view text_;
  size_t at_;
  size_t next_ = 0;
  int property_ = U_SB_OTHER;
};

int PropertyBefore(std::string_view text, size_t end) {
  while (end > 0) {
    size_t at = end - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    size_t behind = at;
    const int property = PropertyOf(NextCodePoint(text, &behind));
    if (!IsSkipped(property)) return property;
    end = at;
  }
  return U_SB_OTHER;
}

// SB8: behind a period a small letter goes on with the sentence, whatever signs come before it.
bool GoesOnInLowerCase(Reader reader) {
  for (; !reader.done(); reader.Next()) {
    const int property = reader.property();
    if (property == U_SB_LOWER) return true;
    if (property == U_SB_OLETTER || property == U_SB_UPPER || IsSeparator(property) ||
        IsTerm(property)) {
      return false;
    }
  }
  return false;
}

// Whether what `term` ends begins anew at the reader. is_next: nothing stands between the two.
bool Breaks(int term, int before_term, bool is_next, const Reader& reader) {
  const int property = reader.property();
  if (property == U_SB_SCONTINUE || IsTerm(property)) return false;  // SB8a
  if (term != U_SB_ATERM) return true;
  if (is_next && property == U_SB_NUMERIC) return false;                        // SB6
  if (is_next && property == U_SB_UPPER && IsCased(before_term)) return false;  // SB7
  return !GoesOnInLowerCase(reader);
}

}  // namespace

bool MayEndSentence(char32_t c) { return IsTerm(PropertyOf(c)); }

bool SentenceBeginsIn(std::string_view text, size_t begin, size_t end,
                      absl::FunctionRef<bool(size_t at)> is_suppressed) {
  int before = PropertyBefore(text, begin);
  Reader reader(text, begin);
  while (!reader.done() && reader.at() < end) {
    const int property = reader.property();
    if (IsSeparator(property)) return true;  // SB4
    reader.Next();
    if (!IsTerm(property)) {
      before = property;
      continue;
    }
    bool is_next = true;
    for (; !reader.done() && reader.property() == U_SB_CLOSE; reader.Next()) is_next = false;
    for (; !reader.done() && reader.property() == U_SB_SP; reader.Next()) is_next = false;
    if (reader.done()) return false;
    if (IsSeparator(reader.property())) return true;
    // SB11
    if (Breaks(property, before, is_next, reader) && reader.at() <= end &&
        !is_suppressed(reader.at())) {
      return true;
    }
    before = U_SB_OTHER;
  }
  return false;
}

bool IsOneLetter(std::string_view folded) {
  size_t at = 0;
  const CharEntry entry = CharTable::Get().Lookup(NextCodePoint(folded, &at));
  const bool is_digit = folded[0] >= '0' && folded[0] <= '9';
  return at == folded.size() && entry.kind == CharKind::kWord && !is_digit;
}

}  // namespace tocsin::rules
