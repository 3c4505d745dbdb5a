#include "rules/text/fold.h"

#include <algorithm>
#include <cstring>

#include "rules/text/field_fold-inl.h"
#include "rules/text/plain_text.h"
#include "rules/text/token_bounds.h"

namespace tocsin::rules {

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
