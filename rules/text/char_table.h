// What each code point is to the text model (DESIGN §4), and what it folds to by itself.
//
//   const CharTable& table = CharTable::Get();
//   if (table.Lookup(code_point).kind == CharKind::kWord) ...
//
// Shape     one entry a code point of the BMP; beyond it computed on the spot (Classify).
// Cost      Get builds the table once, about 15 ms; Lookup is one load.
// Threads   share freely.
// Cites     UAX #15 (NFKC_Casefold), UAX #24 (scripts), UAX #29 (grapheme clusters).
#ifndef TOCSIN_RULES_TEXT_CHAR_TABLE_H_
#define TOCSIN_RULES_TEXT_CHAR_TABLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::rules {

enum class CharKind : uint8_t {
  kPunctuation,  // and symbols, superscripts, unassigned: all that separates tokens
  kSpace,
  kHyphen,      // joins
  kApostrophe,  // joins
  kNonJoiner,   // ZWNJ: joins
  kIgnorable,   // vanishes
  kWord,        // part of a run
  kCluster,     // Han, kana, Thai, Lao, Khmer: a token of its own, with the marks behind it
  kMark,
};

struct CharEntry {
  CharKind kind = CharKind::kPunctuation;
  bool strips_marks : 1 = false;  // folds to a base of Latin, Greek, Hebrew, Arabic, Cyrillic
  bool strippable : 1 = false;    // a nonspacing mark that vanishes behind such a base
  bool combines : 1 = false;      // may compose with what stands before it
  bool simple : 1 = false;        // folds to bytes[0, length) whatever stands around it
  bool alone : 1 = false;         // and that is all there is to say of it but by marks behind it
  bool only_ordered : 1 = false;  // a mark that folds to itself and composes with nothing
  uint8_t length = 0;
  char bytes[5] = {};

  std::string_view folded() const { return {bytes, length}; }
  uint8_t combining_class() const { return static_cast<uint8_t>(bytes[0]); }  // if only_ordered
  bool in_token() const { return kind >= CharKind::kWord; }
  bool joins() const {
    return kind == CharKind::kHyphen || kind == CharKind::kApostrophe ||
           kind == CharKind::kNonJoiner;
  }
};
static_assert(sizeof(CharEntry) == 8);

class CharTable {
 public:
  static const CharTable& Get();

  CharEntry Lookup(char32_t code_point) const {
    return code_point < kSize ? entries_[code_point] : Classify(code_point);
  }

  // The entry of a code point of the BMP, in place.
  const CharEntry& At(char32_t code_point) const { return entries_[code_point]; }

 private:
  static constexpr char32_t kSize = 0x10000;

  CharTable();
  static CharEntry Classify(char32_t code_point);

  std::unique_ptr<CharEntry[]> entries_;
};

// The fold of one normalization segment (a starter and what may compose with it): NFKC case fold,
// marks stripped, letters and digits unified. May hold spaces where a ligature stood for several
// words.
void FoldSegment(std::string_view segment, std::string* out);

// The second half of a Thai or Lao syllable, SARA AM, comes apart by NFKC into a mark and this.
inline bool IsSaraAm(char32_t c) { return c == 0x0E32 || c == 0x0EB2; }

// Decodes the code point at text[*at], valid UTF-8, and moves *at behind it.
inline char32_t NextCodePoint(std::string_view text, size_t* at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[*at + i]); };
  const unsigned lead = byte(0);
  char32_t code_point;
  if (lead < 0x80) {
    code_point = lead;
    *at += 1;
  } else if (lead < 0xE0) {
    code_point = (lead & 0x1F) << 6 | (byte(1) & 0x3F);
    *at += 2;
  } else if (lead < 0xF0) {
    code_point = (lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    *at += 3;
  } else {
    code_point =
        (lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    *at += 4;
  }
  return code_point;
}

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_CHAR_TABLE_H_
