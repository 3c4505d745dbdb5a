#include "rules/text/fold.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "rules/text/field_fold-inl.h"
#include "rules/text/plain_text.h"
#include "rules/text/token_bounds.h"

namespace tocsin::rules {
namespace {

void PutPlainTokens(std::span<const uint32_t> bounds, uint32_t shift, Token* tokens) {
  for (size_t i = 0; i < bounds.size(); i += 2) {
    *tokens++ = {.folded_begin = bounds[i],
                 .folded_end = bounds[i + 1],
                 .source_begin = bounds[i] - shift,
                 .source_end = bounds[i + 1] - shift};
  }
}

}  // namespace

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
}

void Folder::BeginField() {
  tokens_known_ = false;
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
  plain_.push_back({.begin = static_cast<uint32_t>(size_),
                    .end = static_cast<uint32_t>(size_ + bytes),
                    .shift = static_cast<uint32_t>(size_ - begin)});
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
  if (std::exchange(tokens_known_, true)) return tokens_;
  const std::span<const uint32_t> all = bounds();
  tokens_.resize(all.size() / 2);
  size_t at = 0;
  auto folded = folded_.begin();
  for (const PlainStretch& plain : plain_) {
    while (folded != folded_.end() && folded->folded_begin < plain.begin) tokens_[at++] = *folded++;
    const auto bound =
        std::lower_bound(all.begin() + static_cast<ptrdiff_t>(2 * at), all.end(), plain.end);
    // The last token may end where the stretch does.
    const auto end = static_cast<size_t>(bound - all.begin() + 1) / 2;
    PutPlainTokens(all.subspan(2 * at, 2 * (end - at)), plain.shift, tokens_.data() + at);
    at = end;
  }
  std::copy(folded, folded_.end(), tokens_.begin() + static_cast<ptrdiff_t>(at));
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
