// The fold of one field, for fold.cc alone.
//
//   FieldFold<true> fold(&folder, text, language);
//   fold.Run();                             // all of it
//   while (...) at = fold.RunToPlain(at);   // or stretches, where plain ones are folded otherwise
//
// Shape     text: valid UTF-8. kTokens: whether the folder's tokens are written, too.
// Cost      a table look-up a code point; what stands alone, as most letters of any script do, in a
//           loop of its own.
#ifndef TOCSIN_RULES_TEXT_FIELD_FOLD_INL_H_
#define TOCSIN_RULES_TEXT_FIELD_FOLD_INL_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "rules/text/ascii_fold.h"
#include "rules/text/char_table.h"
#include "rules/text/debris.h"
#include "rules/text/fold.h"

namespace tocsin::rules {

inline bool IsAscii(char c) { return static_cast<signed char>(c) >= 0; }

// Whether a code point that begins so has four bytes.
inline bool IsBeyondBmp(char lead) { return static_cast<unsigned char>(lead) >= 0xF0; }

// One grapheme cluster with the mark before it, and one token.
inline bool IsSaraAmBehind(std::string_view stream, char32_t c) {
  return (c == 0x0E32 && stream.ends_with("\u0E4D")) || (c == 0x0EB2 && stream.ends_with("\u0ECD"));
}

// A token grows at the end of the stream; code points that compose with what stands before them take
// it back and fold it anew together (FoldComposed).
template <bool kTokens>
class FieldFold {
 public:
  FieldFold(Folder* folder, std::string_view text, std::string_view language)
      : folder_(*folder), text_(text), debris_(text, language) {}

  void Run() {
    ReserveFrom(0);
    for (size_t at = 0; at < text_.size();) at = FoldNext(at);
    EndToken();
  }

  // From a boundary on, up to one behind which a plain stretch begins.
  size_t RunToPlain(size_t at) {
    stops_at_plain_ = true;
    ReserveFrom(at);
    do at = FoldNext(at);
    while (at < text_.size() && (in_token_ || !IsPlainFrom(at)));
    EndToken();
    return at;
  }

 private:
  size_t FoldNext(size_t at) {
    if (IsAscii(text_[at])) return FoldAsciiRun(at);
    const size_t end = FoldAloneRun(at);
    return end > at ? end : FoldCodePoint(at);
  }

  // No source byte becomes more than three, with the space behind a token: two of a code point may
  // fold to five, and each of a row of single letters has a space behind it. `more`: of what is
  // composed, which may be longer.
  void ReserveFrom(size_t at, size_t more = 0) {
    folder_.Reserve(3 * (text_.size() - at) + more + kFoldAsciiSlack);
  }

  // Long enough for vectors to pay.
  bool IsPlainFrom(size_t at) const {
    constexpr size_t kWords = 4;
    if (text_.size() - at < kWords * sizeof(uint64_t) || !IsAscii(text_[at])) return false;
    std::array<uint64_t, kWords> words;
    std::memcpy(words.data(), text_.data() + at, sizeof words);
    return ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080) == 0;
  }

  size_t FoldAsciiRun(size_t at) {
    if (in_cluster_ && FoldAsciiByte(text_[at]) != ' ') EndToken();
    size_t end = at;
    if constexpr (kTokens) {
      end = PutAsciiTokens(at);
    } else {
      const size_t run = folder_.size_;
      const AsciiFold done =
          FoldAscii(text_.data() + at, text_.size() - at, !in_token_, folder_.out_ + run);
      end = at + done.consumed;
      folder_.size_ += done.written;
      if (!in_token_) token_out_ = run;
      in_token_ = folder_.out_[folder_.size_ - 1] != ' ';
      if (in_token_) token_out_ = LastTokenBegin(run);
    }
    in_cluster_ = false;
    starter_source_ = end - 1;
    starter_out_ = folder_.size_ - 1;
    starter_strips_ = in_token_ && (text_[end - 1] | 0x20) >= 'a';
    return end;
  }

  // The run that was written from `run` on may go on the token before it.
  size_t LastTokenBegin(size_t run) const {
    for (size_t begin = folder_.size_; begin > run; --begin) {
      if (folder_.out_[begin - 1] == ' ') return begin;
    }
    return token_out_;
  }

  size_t PutAsciiTokens(size_t at) {
    char* const stream = folder_.out_;
    size_t size = folder_.size_;
    bool in_token = in_token_;
    const size_t begin = at;
    for (; at < text_.size() && IsAscii(text_[at]); ++at) {
      const char folded = FoldAsciiByte(text_[at]);
      const bool is_token = folded != ' ';
      if (stops_at_plain_ && !in_token && at > begin && IsPlainFrom(at)) break;
      if (is_token && !in_token) {
        token_out_ = size;
        folder_.folded_.push_back({.folded_begin = static_cast<uint32_t>(size),
                                   .folded_end = 0,
                                   .source_begin = static_cast<uint32_t>(at),
                                   .source_end = 0});
      }
      // A token from before the run ends where it did: soft hyphens behind it are no part of it.
      if (!is_token && in_token && at > begin) TokenReaches(at);
      if (!is_token && in_token) TokenEnds(size);
      stream[size] = folded;
      size += static_cast<size_t>(is_token || in_token);
      in_token = is_token;
    }
    folder_.size_ = size;
    in_token_ = in_token;
    if (in_token) TokenReaches(at);
    return at;
  }

  // Letters that need no look at their neighbours, and what separates them: most of a text in
  // another script than Latin.
  size_t FoldAloneRun(size_t at) {
    while (at < text_.size()) {
      if (IsAscii(text_[at])) {
        if (FoldAsciiByte(text_[at]) != ' ') break;
        EndToken();
        ++at;
        if (stops_at_plain_ && at < text_.size() && IsPlainFrom(at)) break;
        continue;
      }
      if (IsBeyondBmp(text_[at])) break;
      size_t end = at;
      const CharEntry& entry = table_.At(NextCodePoint(text_, &end));
      if (entry.alone) {
        const bool is_cluster = entry.kind == CharKind::kCluster;
        if (is_cluster || in_cluster_) EndToken();
        StartToken(at);
        in_cluster_ = is_cluster;
        at = PutLetters(at, end, &entry);
        continue;
      }
      if (entry.in_token() || entry.kind == CharKind::kIgnorable) break;
      EndToken();
      at = end;
    }
    return at;
  }

  // Puts the letter of `entry`, text_[at, end), and those behind it as far as they go on its token.
  size_t PutLetters(size_t at, size_t end, const CharEntry* entry) {
    const std::string_view text = text_;  // what is written may alias members
    char* out = folder_.out_ + folder_.size_;
    while (true) {
      std::memcpy(out, entry->bytes, sizeof entry->bytes);
      if (in_cluster_ || end == text.size() || IsAscii(text[end]) || IsBeyondBmp(text[end])) break;
      size_t next_end = end;
      const CharEntry& next = table_.At(NextCodePoint(text, &next_end));
      if (!next.alone || next.kind != CharKind::kWord) break;
      out += entry->length;
      entry = &next;
      at = std::exchange(end, next_end);
    }
    starter_source_ = at;
    starter_out_ = static_cast<size_t>(out - folder_.out_);
    starter_strips_ = entry->strips_marks;
    folder_.size_ = starter_out_ + entry->length;
    TokenReaches(end);
    return end;
  }

  size_t FoldCodePoint(size_t at) {
    size_t end = at;
    const char32_t c = NextCodePoint(text_, &end);
    const CharEntry entry = table_.Lookup(c);
    if (MayBeDebris(c)) {
      const bool in_word = in_token_ && !in_cluster_;
      if (const auto behind = debris_.Behind(c, end, in_word)) {
        EndToken();
        return end + *behind;
      }
    }
    if (entry.kind == CharKind::kIgnorable) return end;
    if (!entry.in_token()) {
      EndToken();
      return end;
    }
    if (entry.combines && in_token_) return FoldCombining(c, entry, at, end);
    if (entry.kind == CharKind::kMark && !in_token_) return end;  // a mark on a sign or on nothing
    starter_source_ = at;
    if (!entry.simple) return FoldComposed(at, end);
    OpenToken(c, entry.kind, at);
    starter_out_ = folder_.size_;
    starter_strips_ = entry.strips_marks;
    Put(entry.folded());
    TokenReaches(end);
    return end;
  }

  size_t FoldCombining(char32_t c, const CharEntry& entry, size_t at, size_t end) {
    if (const auto composed = ComposedDebris(text_[at - 1], c)) {
      const bool in_word = starter_out_ > token_out_;
      if (const auto behind = debris_.Behind(*composed, end, in_word)) {
        folder_.size_ = starter_out_;
        TokenReaches(starter_source_);
        CloseEmptyToken();
        EndToken();
        return end + *behind;
      }
    }
    constexpr char32_t kDiaeresis = 0x0308;
    constexpr char32_t kBreve = 0x0306;
    const bool may_stay = c == kBreve || c == kDiaeresis;  // й, ї
    const bool is_ascii_starter = IsAscii(text_[starter_source_]);
    if (entry.strippable && starter_strips_ && (!may_stay || is_ascii_starter)) {
      TokenReaches(end);
      return end;
    }
    if (const size_t behind = FoldOrderedMarks(at); behind > at) return behind;
    folder_.size_ = starter_out_;
    return FoldComposed(starter_source_, end);
  }

  // A few marks behind a letter that are as they should be, up to where they end; else to `at`. More
  // may be too many, which FoldSegment knows to cut.
  size_t FoldOrderedMarks(size_t at) {
    constexpr int kMarksMax = 8;
    size_t end = starter_source_;
    NextCodePoint(text_, &end);
    if (end != at) return at;
    uint8_t least_class = 0;
    for (int marks = 0; end < text_.size(); ++marks) {
      size_t next = end;
      const CharEntry entry = table_.Lookup(NextCodePoint(text_, &next));
      if (!entry.combines && entry.kind != CharKind::kIgnorable) break;
      if (!entry.only_ordered || entry.combining_class() < least_class || marks == kMarksMax ||
          (entry.strippable && starter_strips_)) {
        return at;
      }
      least_class = entry.combining_class();
      end = next;
    }
    Put(text_.substr(at, end - at));
    TokenReaches(end);
    return end;
  }

  // Folds by ICU the segment that begins at `begin`, reaches `end` and goes on as long as code
  // points combine.
  size_t FoldComposed(size_t begin, size_t end) {
    segment_.clear();
    for (size_t at = begin; at < text_.size();) {
      const size_t from = at;
      const CharEntry entry = table_.Lookup(NextCodePoint(text_, &at));
      const bool is_ignorable = entry.kind == CharKind::kIgnorable;
      if (from >= end && !entry.combines && !is_ignorable) break;
      if (is_ignorable) continue;
      segment_.append(text_.substr(from, at - from));
      end = std::max(end, at);
    }
    composed_.clear();
    FoldSegment(segment_, &composed_);
    ReserveFrom(end, 2 * composed_.size());
    starter_out_ = folder_.size_;
    for (size_t at = 0; at < composed_.size();) {
      const size_t from = at;
      const char32_t c = NextCodePoint(composed_, &at);
      const CharEntry entry = table_.Lookup(c);
      const bool has_base = in_token_ && folder_.size_ > token_out_;
      if (entry.kind == CharKind::kMark && !has_base) continue;
      if (!entry.in_token()) {
        CloseEmptyToken();
        EndToken();
        continue;
      }
      OpenToken(c, entry.kind, begin);
      Put(std::string_view(composed_).substr(from, at - from));
      TokenReaches(end);
      starter_strips_ = entry.strips_marks;
    }
    CloseEmptyToken();
    return end;
  }

  // A cluster is a token of its own; a mark goes on whatever token there is.
  void OpenToken(char32_t c, CharKind kind, size_t source) {
    const bool is_empty = in_token_ && folder_.size_ == token_out_;
    if (in_cluster_ && IsSaraAmBehind(folder_.stream(), c)) kind = CharKind::kMark;
    if (kind != CharKind::kMark && !is_empty && (kind == CharKind::kCluster || in_cluster_)) {
      EndToken();
    }
    StartToken(source);
    if (kind != CharKind::kMark) in_cluster_ = kind == CharKind::kCluster;
  }

  void StartToken(size_t source) {
    if (in_token_) return;
    in_token_ = true;
    token_out_ = folder_.size_;
    if constexpr (kTokens) {
      folder_.folded_.push_back({.folded_begin = static_cast<uint32_t>(folder_.size_),
                                 .folded_end = 0,
                                 .source_begin = static_cast<uint32_t>(source),
                                 .source_end = static_cast<uint32_t>(source)});
    }
  }

  void EndToken() {
    if (!in_token_) return;
    TokenEnds(folder_.size_);
    Put(' ');
    in_token_ = false;
    in_cluster_ = false;
  }

  void CloseEmptyToken() {
    if (!in_token_ || folder_.size_ > token_out_) return;
    in_token_ = false;
    in_cluster_ = false;
    if constexpr (kTokens) folder_.folded_.pop_back();
  }

  void TokenReaches(size_t source_end) {
    if constexpr (kTokens) {
      folder_.folded_.back().source_end = static_cast<uint32_t>(source_end);
    }
  }

  void TokenEnds(size_t folded_end) {
    if constexpr (kTokens) {
      folder_.folded_.back().folded_end = static_cast<uint32_t>(folded_end);
    }
  }

  void Put(char c) { folder_.out_[folder_.size_++] = c; }

  void Put(std::string_view bytes) {
    std::memcpy(folder_.out_ + folder_.size_, bytes.data(), bytes.size());
    folder_.size_ += bytes.size();
  }

  const CharTable& table_ = CharTable::Get();
  Folder& folder_;
  std::string_view text_;
  Debris debris_;
  std::string segment_;
  std::string composed_;
  bool stops_at_plain_ = false;
  bool in_token_ = false;
  bool in_cluster_ = false;
  size_t token_out_ = 0;         // where the token begins in the stream
  size_t starter_source_ = 0;    // the last code point that does not combine: where it stands,
  size_t starter_out_ = 0;       // where its fold begins,
  bool starter_strips_ = false;  // and whether marks behind it vanish
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_TEXT_FIELD_FOLD_INL_H_
