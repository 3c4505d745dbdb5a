#include "rules/text/fold.h"

#include <algorithm>
#include <cstring>

#include "rules/text/ascii_fold.h"
#include "rules/text/char_table.h"
#include "rules/text/debris.h"
#include "rules/text/plain_tokens.h"

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
    if (folder_.size_ > 0) Put(kFieldBreak);
    Put(' ');
    RunOn(0);
  }

  // The rest of a field whose first tokens are known; the stream ends behind them.
  void RunFrom(size_t at) {
    folder_.Reserve(2 * (text_.size() - at) + kFoldAsciiSlack);
    RunOn(at);
  }

 private:
  void RunOn(size_t at) {
    while (at < text_.size()) {
      at = IsAscii(text_[at]) ? FoldAsciiRun(at) : FoldCodePoint(at);
    }
    EndToken();
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
      if (is_token && !in_token) {
        token_out_ = size;
        folder_.tokens_.push_back({.folded_begin = static_cast<uint32_t>(size),
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
      folder_.tokens_.push_back({.folded_begin = static_cast<uint32_t>(folder_.size_),
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
    if constexpr (kTokens) folder_.tokens_.pop_back();
  }

  void TokenReaches(size_t source_end) {
    if constexpr (kTokens) {
      folder_.tokens_.back().source_end = static_cast<uint32_t>(source_end);
    }
  }

  void TokenEnds(size_t folded_end) {
    if constexpr (kTokens) {
      folder_.tokens_.back().folded_end = static_cast<uint32_t>(folded_end);
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
  bounds_size_ = 0;
  tokens_.clear();
  plain_fields_.clear();
}

void Folder::Append(std::string_view text, std::string_view language) {
  FieldFold<false>(this, text, language).Run();
}

void Folder::AppendWithTokens(std::string_view text, std::string_view language) {
  FieldFold<true>(this, text, language).Run();
}

void Folder::AppendTokens(std::string_view text, std::string_view language) {
  Reserve(text.size() + kPlainSlack + kTokenSlack);
  const size_t begin = size_ > 0 ? size_ + 2 : 1;
  const auto shift = static_cast<uint32_t>(begin);
  const size_t before = bounds_size_;
  if (bounds_.size() < before + MaxPlainBounds(text)) {
    bounds_.resize(2 * (before + MaxPlainBounds(text)));
  }
  const PlainTokens plain = FindPlainTokens(text, shift, out_ + begin, bounds_.data() + before);
  if (size_ > 0) out_[size_++] = kFieldBreak;
  out_[size_++] = ' ';
  size_ += plain.bytes;
  bounds_size_ += 2 * plain.count;
  plain_fields_.push_back({.bounds_begin = before, .bounds_end = bounds_size_, .shift = shift});
  if (plain.bytes == text.size()) {
    out_[size_++] = ' ';
    return;
  }
  LocateTokens();
  const size_t first = tokens_.size();
  FieldFold<true>(this, text, language).RunFrom(plain.bytes);
  AddBounds(first);
}

void Folder::AddBounds(size_t first) {
  Reserve(kTokenSlack);
  const size_t bounds_needed = bounds_size_ + 2 * (tokens_.size() - first);
  if (bounds_.size() < bounds_needed) bounds_.resize(2 * bounds_needed);
  for (size_t i = first; i < tokens_.size(); ++i) {
    bounds_[bounds_size_++] = tokens_[i].folded_begin;
    bounds_[bounds_size_++] = tokens_[i].folded_end;
  }
}

void Folder::AppendFolded(std::string_view text, std::string_view language) {
  const size_t first = tokens_.size();
  FieldFold<true>(this, text, language).Run();
  AddBounds(first);
}

void Folder::LocateTokens() {
  for (const PlainField& field : plain_fields_) {
    const size_t first = tokens_.size();
    tokens_.resize(first + (field.bounds_end - field.bounds_begin) / 2);
    Token* token = tokens_.data() + first;
    for (size_t i = field.bounds_begin; i < field.bounds_end; i += 2) {
      *token++ = {.folded_begin = bounds_[i],
                  .folded_end = bounds_[i + 1],
                  .source_begin = bounds_[i] - field.shift,
                  .source_end = bounds_[i + 1] - field.shift};
    }
  }
  plain_fields_.clear();
}

void Folder::Reserve(size_t bytes) {
  if (size_ + bytes <= capacity_) return;
  capacity_ = std::max(2 * capacity_, size_ + bytes);
  auto grown = std::make_unique_for_overwrite<char[]>(kTokenSlack + capacity_);
  std::memset(grown.get(), 0, kTokenSlack);
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
