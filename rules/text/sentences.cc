#include "rules/text/sentences.h"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/filteredbrk.h>
#include <unicode/locid.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <utility>

#include "rules/base/language.h"
#include "rules/base/status_macros.h"
#include "rules/text/char_table.h"
#include "rules/text/sentence_rules.h"

namespace tocsin::rules {
namespace {

// Titles before names that ICU's English list lacks; it has Mr. and Col. Not what ends sentences as
// well: Inc., Jr., No.
constexpr std::array<const char16_t*, 20> kTitles = {
    u"Dr.",   u"St.",  u"Gen.",  u"Sen.",    u"Gov.",  u"Adm.", u"Hon.",
    u"Pres.", u"Amb.", u"Cmdr.", u"Brig.",   u"Supt.", u"Det.", u"Insp.",
    u"Cpl.",  u"Pvt.", u"Ft.",   u"Messrs.", u"Mme.",  u"Mlle."};

struct TextCloser {
  void operator()(UText* text) const noexcept { utext_close(text); }
};
using TextHandle = std::unique_ptr<UText, TextCloser>;

absl::Status IcuError(std::string_view what, UErrorCode code) {
  return absl::InternalError(fmt::format("ICU {}: {}", what, u_errorName(code)));
}

// Where the word that ends at `end`, periods and all, begins; no abbreviation is as long as the
// bound, without which a text of letters and periods alone would cost its square.
size_t WordBegin(std::string_view text, size_t end) {
  constexpr size_t kWordBytesMax = 64;
  size_t begin = end;
  while (begin > 0 && end - begin < kWordBytesMax) {
    size_t at = begin - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    size_t next = at;
    const char32_t c = NextCodePoint(text, &next);
    if (c != '.' && !CharTable::Get().Lookup(c).in_token()) break;
    begin = at;
  }
  return begin;
}

}  // namespace

struct SentenceBreaker::Iterator {
  std::unique_ptr<icu::BreakIterator> breaks;
  std::unique_ptr<icu::FilteredBreakIteratorBuilder> abbreviations;  // null: the language has none

  // Asking the builder takes a microsecond, and the same words end sentences again and again.
  struct Answer {
    std::array<char, 23> word{};
    uint8_t bytes = 0;
    bool is_abbreviation = false;
  };
  std::array<Answer, 4096> answers;

  // ICU's own filter compares ends of words only: by the German "r." no sentence would end in
  // "immer." The builder tells whether it knows a word only by taking it out.
  bool IsAbbreviation(std::string_view word) {
    UErrorCode error = U_ZERO_ERROR;
    const auto text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(word.data(), static_cast<int32_t>(word.size())));
    if (!abbreviations->unsuppressBreakAfter(text, error)) return false;
    abbreviations->suppressBreakAfter(text, error);
    return true;
  }

  bool IsKnownAbbreviation(std::string_view word) {
    if (word.size() > std::tuple_size_v<decltype(Answer::word)>) return IsAbbreviation(word);
    Answer& answer = answers[std::hash<std::string_view>()(word) % answers.size()];
    if (std::string_view(answer.word.data(), answer.bytes) != word || answer.bytes == 0) {
      std::copy(word.begin(), word.end(), answer.word.begin());
      answer.bytes = static_cast<uint8_t>(word.size());
      answer.is_abbreviation = IsAbbreviation(word);
    }
    return answer.is_abbreviation;
  }

  bool EndsInAbbreviation(std::string_view text) {
    const size_t end = text.find_last_not_of(" \n\r") + 1;
    if (abbreviations == nullptr || end == 0 || text[end - 1] != '.') return false;
    const size_t begin = WordBegin(text, end);
    return IsKnownAbbreviation(text.substr(begin, end - begin));
  }
};

SentenceBreaker::SentenceBreaker() = default;
SentenceBreaker::SentenceBreaker(SentenceBreaker&&) noexcept = default;
SentenceBreaker& SentenceBreaker::operator=(SentenceBreaker&&) noexcept = default;
SentenceBreaker::~SentenceBreaker() = default;

absl::Status SentenceBreaker::IteratorFor(std::string_view language, Iterator** iterator) {
  // A text of unknown language gets the English abbreviations; an absurd tag must not fill the
  // memory.
  constexpr size_t kLanguagesMax = 64;
  if (latest_ != nullptr && latest_language_ == language) {
    *iterator = latest_;
    return absl::OkStatus();
  }
  std::string key = language.empty() ? "en" : PrimarySubtag(language);
  if (iterators_.size() >= kLanguagesMax && iterators_.find(key) == iterators_.end()) key = "en";
  if (const auto found = iterators_.find(key); found != iterators_.end()) {
    latest_language_ = language;
    *iterator = latest_ = found->second.get();
    return absl::OkStatus();
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale locale(key.c_str());
  auto entry = std::make_unique<Iterator>();
  entry->breaks.reset(icu::BreakIterator::createSentenceInstance(locale, error));
  if (U_FAILURE(error)) return IcuError("sentence rules", error);
  entry->abbreviations.reset(icu::FilteredBreakIteratorBuilder::createInstance(locale, error));
  // Chinese and Japanese have sentence rules of their own, but no abbreviations.
  if (error == U_MISSING_RESOURCE_ERROR) {
    entry->abbreviations.reset();
  } else if (U_FAILURE(error)) {
    return IcuError("sentence suppressions", error);
  } else if (key == "en") {
    for (const char16_t* const title : kTitles) {
      entry->abbreviations->suppressBreakAfter(title, error);
    }
    if (U_FAILURE(error)) return IcuError("sentence suppressions", error);
  }
  *iterator = iterators_.emplace(std::move(key), std::move(entry)).first->second.get();
  return absl::OkStatus();
}

bool SentenceBreaker::HasRootRules(std::string_view language) {
  return PrimarySubtag(language) != "el";
}

absl::StatusOr<bool> SentenceBreaker::BeginsIn(std::string_view text, std::string_view language,
                                               size_t begin, size_t end) {
  Iterator* iterator = nullptr;
  RETURN_IF_ERROR(IteratorFor(language, &iterator));
  return SentenceBeginsIn(text, begin, end, [&](size_t at) {
    return iterator->EndsInAbbreviation(text.substr(0, at));
  });
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
    const auto end = static_cast<size_t>(at);
    if (end == text.size()) continue;
    if (iterator->EndsInAbbreviation(std::string_view(unwrapped_).substr(0, end))) continue;
    ends->push_back(static_cast<uint32_t>(end));
  }
  return absl::OkStatus();
}

}  // namespace tocsin::rules
