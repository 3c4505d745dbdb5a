#include "rules/text/sentences.h"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/filteredbrk.h>
#include <unicode/locid.h>
#include <unicode/utext.h>

#include <algorithm>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin::rules {
namespace {

struct TextCloser {
  void operator()(UText* text) const noexcept { utext_close(text); }
};
using TextHandle = std::unique_ptr<UText, TextCloser>;

absl::Status IcuError(std::string_view what, UErrorCode code) {
  return absl::InternalError(fmt::format("ICU {}: {}", what, u_errorName(code)));
}

std::string_view PrimarySubtag(std::string_view language) {
  return language.substr(0, language.find_first_of("-_"));
}

}  // namespace

struct SentenceBreaker::Iterator {
  std::unique_ptr<icu::BreakIterator> breaks;
};

SentenceBreaker::SentenceBreaker() = default;
SentenceBreaker::SentenceBreaker(SentenceBreaker&&) noexcept = default;
SentenceBreaker& SentenceBreaker::operator=(SentenceBreaker&&) noexcept = default;
SentenceBreaker::~SentenceBreaker() = default;

absl::Status SentenceBreaker::IteratorFor(std::string_view language, Iterator** iterator) {
  // A text of unknown language gets the English abbreviations; an absurd tag must not fill the
  // memory.
  constexpr size_t kLanguagesMax = 64;
  std::string_view key = language.empty() ? "en" : PrimarySubtag(language);
  if (iterators_.size() >= kLanguagesMax && iterators_.find(key) == iterators_.end()) key = "en";
  if (const auto found = iterators_.find(key); found != iterators_.end()) {
    *iterator = found->second.get();
    return absl::OkStatus();
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale locale(std::string(key).c_str());
  std::unique_ptr<icu::BreakIterator> plain(
      icu::BreakIterator::createSentenceInstance(locale, error));
  if (U_FAILURE(error)) return IcuError("sentence rules", error);
  const std::unique_ptr<icu::FilteredBreakIteratorBuilder> builder(
      icu::FilteredBreakIteratorBuilder::createInstance(locale, error));
  auto entry = std::make_unique<Iterator>();
  if (error == U_MISSING_RESOURCE_ERROR) {
    // Chinese and Japanese have sentence rules of their own, but no abbreviations.
    error = U_ZERO_ERROR;
    entry->breaks = std::move(plain);
  } else if (U_FAILURE(error)) {
    return IcuError("sentence suppressions", error);
  } else {
    entry->breaks.reset(builder->build(plain.release(), error));
    if (U_FAILURE(error)) return IcuError("sentence rules with suppressions", error);
  }
  *iterator = iterators_.emplace(std::string(key), std::move(entry)).first->second.get();
  return absl::OkStatus();
}

absl::Status SentenceBreaker::Find(std::string_view text, std::string_view language,
                                   std::vector<uint32_t>* ends) {
  ends->clear();
  Iterator* iterator = nullptr;
  RETURN_IF_ERROR(IteratorFor(language, &iterator));
  unwrapped_.assign(text);
  std::replace_if(
      unwrapped_.begin(), unwrapped_.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  UErrorCode error = U_ZERO_ERROR;
  const TextHandle handle(
      utext_openUTF8(nullptr, unwrapped_.data(), static_cast<int64_t>(unwrapped_.size()), &error));
  if (U_FAILURE(error)) return IcuError("utext_openUTF8", error);
  iterator->breaks->setText(handle.get(), error);
  if (U_FAILURE(error)) return IcuError("setText", error);
  iterator->breaks->first();
  for (int32_t at = iterator->breaks->next(); at != icu::BreakIterator::DONE;
       at = iterator->breaks->next()) {
    if (static_cast<size_t>(at) < text.size()) ends->push_back(static_cast<uint32_t>(at));
  }
  return absl::OkStatus();
}

}  // namespace tocsin::rules
