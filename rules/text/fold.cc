#include "rules/text/fold.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "rules/text/ascii_fold.h"
#include "rules/text/char_table.h"
#include "rules/text/debris.h"
#include "rules/text/plain_text.h"
#include "rules/text/token_bounds.h"

namespace tocsin::rules {
namespace {

bool IsAscii(char c) { return static_cast<signed char>(c) >= 0; }

// SARA AM, the second half of a Thai or Lao syllable, comes apart by NFKC into a mark and a letter:
// one grapheme cluster all the same, and one token.
bool IsSaraAmBehind(std::string_view stream, char32_t c) {
  return (c == 0x0E32 && stream.ends_with("\u0E4D")) || (c == 0x0EB2 && stream.ends_with("\u0ECD"));
}

}  // namespace

// The fold of one field. A token grows at the end of the stream; code points that compose with what
// stands before them take it back and fold it anew together (FoldComposed).
template <bool kTokens>
class FieldFold {
 public:
  FieldFold(Folder* folder, std::string_view text, std::string_view language)
      : folder_(*folder), text_(text), leading_debris_(text, language) {}

  void Run() {
    folder_.Reserve(2 * text_.size() + kFoldAsciiSlack);
    for (size_t at = 0; at < text_.size();) at = FoldNext(at);
    EndToken();
  }

  // From a boundary on, up to one behind which a plain stretch begins.
  size_t RunToPlain(size_t at) {
    stops_at_plain_ = true;
    do at = FoldNext(at);
    while (at < text_.size() && (in_token_ || !IsPlainFrom(at)));
    EndToken();
    return at;
  }

 private:
  size_t FoldNext(size_t at) { return IsAscii(text_[at]) ? FoldAsciiRun(at) : FoldCodePoint(at); }

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
    folder_.Reserve(text_.size() - at + kFoldAsciiSlack);
    if constexpr (kTokens) {
      end = PutAsciiTokens(at);
    } else {
      const AsciiFold done =
          FoldAscii(text_.data() + at, text_.size() - at, !in_token_, folder_.out_ + folder_.size_);
      end = at + done.consumed;
      folder_.size_ += done.written;
      in_token_ = folder_.out_[folder_.size_ - 1] != ' ';
      // An ASCII run that goes on the token before it has no start of its own to remember.
      if (in_token_) token_out_ = LastTokenBegin();
    }
    in_cluster_ = false;
    starter_source_ = end - 1;
    starter_out_ = folder_.size_ - 1;
    starter_strips_ = in_token_ && (text_[end - 1] | 0x20) >= 'a';
    return end;
  }

  size_t LastTokenBegin() const {
    const char* stream = folder_.out_;
    size_t begin = folder_.size_;
    while (stream[begin - 1] != ' ') --begin;
    return begin;
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

  size_t FoldCodePoint(size_t at) {
    folder_.Reserve(16);
    size_t end = at;
    const char32_t c = NextCodePoint(text_, &end);
    const CharEntry entry = CharTable::Get().Lookup(c);
    if (MayBeDebris(c)) {
      const bool in_word = in_token_ && !in_cluster_;
      if (const auto behind = DebrisBehind(c, text_, end, in_word, &leading_debris_)) {
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
      if (const auto behind = DebrisBehind(*composed, text_, end, in_word, &leading_debris_)) {
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
    folder_.size_ = starter_out_;
    return FoldComposed(starter_source_, end);
  }

  // Folds by ICU the segment that begins at `begin`, reaches `end` and goes on as long as code
  // points combine.
  size_t FoldComposed(size_t begin, size_t end) {
    segment_.clear();
    for (size_t at = begin; at < text_.size();) {
      const size_t from = at;
      const CharEntry entry = CharTable::Get().Lookup(NextCodePoint(text_, &at));
      const bool is_ignorable = entry.kind == CharKind::kIgnorable;
      if (from >= end && !entry.combines && !is_ignorable) break;
      if (is_ignorable) continue;
      segment_.append(text_.substr(from, at - from));
      end = std::max(end, at);
    }
    composed_.clear();
    FoldSegment(segment_, &composed_);
    folder_.Reserve(2 * composed_.size() + 16);
    starter_out_ = folder_.size_;
    for (size_t at = 0; at < composed_.size();) {
      const size_t from = at;
      const char32_t c = NextCodePoint(composed_, &at);
      const CharEntry entry = CharTable::Get().Lookup(c);
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

  Folder& folder_;
  std::string_view text_;
  LeadingDebris leading_debris_;
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

Folder::Folder() = default;
Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(Folder&&) noexcept = default;
Folder::~Folder() = default;

void Folder::Clear() {
  size_ = 0;
  bounds_stream_ = 0;
  bounds_size_ = 0;
  folded_.clear();
  plain_.clear();
  tokens_.clear();
}

void Folder::BeginField() {
  Reserve(2);
  if (size_ > 0) out_[size_++] = kFieldBreak;
  out_[size_++] = ' ';
}

void Folder::Append(std::string_view text, std::string_view language) {
  BeginField();
  FieldFold<false>(this, text, language).Run();
}

void Folder::AppendWithTokens(std::string_view text, std::string_view language) {
  BeginField();
  FieldFold<true>(this, text, language).Run();
}

void Folder::AppendTokens(std::string_view text, std::string_view language) {
  BeginField();
  size_t at = AppendPlain(text, 0);
  if (at == text.size()) return;
  FieldFold<true> fold(this, text, language);
  while (at < text.size()) at = AppendPlain(text, fold.RunToPlain(at));
}

// Appends what is plain from a boundary on, but no word that goes on with what is not; returns its
// end.
size_t Folder::AppendPlain(std::string_view text, size_t begin) {
  if (begin == text.size()) return begin;
  const std::string_view rest = text.substr(begin);
  Reserve(rest.size() + kPlainSlack);
  size_t bytes = FoldPlain(rest, out_ + size_);
  const bool is_whole = bytes == rest.size();
  while (!is_whole && bytes > 0 && out_[size_ + bytes - 1] != ' ') --bytes;
  plain_.push_back(
      {.end = static_cast<uint32_t>(size_ + bytes), .shift = static_cast<uint32_t>(size_ - begin)});
  size_ += bytes;
  if (is_whole) out_[size_++] = ' ';
  return begin + bytes;
}

std::span<const uint32_t> Folder::bounds() {
  if (bounds_stream_ != size_) {
    if (bounds_.size() < size_ + kBoundsSlack) bounds_.resize(2 * (size_ + kBoundsSlack));
    bounds_size_ = FindTokenBounds(stream(), bounds_.data());
    bounds_stream_ = size_;
  }
  return {bounds_.data(), bounds_size_};
}

const std::vector<Token>& Folder::tokens() {
  if (plain_.empty()) return folded_;
  const std::span<const uint32_t> all = bounds();
  if (tokens_.size() == all.size() / 2) return tokens_;
  tokens_.clear();
  auto folded = folded_.begin();
  auto plain = plain_.begin();
  for (size_t i = 0; i < all.size(); i += 2) {
    if (folded != folded_.end() && folded->folded_begin == all[i]) {
      tokens_.push_back(*folded++);
      continue;
    }
    while (plain->end <= all[i]) ++plain;
    tokens_.push_back({.folded_begin = all[i],
                       .folded_end = all[i + 1],
                       .source_begin = all[i] - plain->shift,
                       .source_end = all[i + 1] - plain->shift});
  }
  return tokens_;
}

void Folder::Reserve(size_t bytes) {
  if (size_ + bytes <= capacity_) return;
  capacity_ = std::max(2 * capacity_, size_ + bytes);
  auto grown = std::make_unique<char[]>(kTokenSlack + capacity_ + kStreamSlack);
  if (size_ > 0) std::memcpy(grown.get() + kTokenSlack, out_, size_);
  buffer_ = std::move(grown);
  out_ = buffer_.get() + kTokenSlack;
}

std::string Fold(std::string_view text, std::string_view language) {
  Folder folder;
  folder.Append(text, language);
  return std::string(folder.stream());
}

}  // namespace tocsin::rules
