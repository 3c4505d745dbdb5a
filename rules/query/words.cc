#include "rules/query/words.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <span>

#include "rules/text/char_table.h"
#include "rules/text/fold.h"
#include "rules/text/sentence_rules.h"

namespace tocsin::rules {
namespace {

constexpr size_t kFormsMax = 16;
constexpr size_t kFormBytesMax = 1000;  // Hyperscan takes patterns of 16,000 bytes, four a byte
constexpr size_t kStarLettersMin = 3;
constexpr size_t kQuestionLettersMin = 2;

CharEntry EntryAt(std::string_view text, size_t at) {
  return CharTable::Get().Lookup(NextCodePoint(text, &at));
}

// Whether a literal goes on, at its end or its start, a token that a wildcard stands next to.
bool EndsInToken(std::string_view text) {
  size_t last = text.size();
  do --last;
  while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80);
  return EntryAt(text, last).in_token();
}

std::vector<std::string> FoldedTokens(std::string_view text) {
  // The language is given so that an honest â at the start of a query's word stays.
  const std::string stream = Fold(text, "und");
  std::vector<std::string> tokens;
  for (size_t at = 1; at < stream.size();) {
    const size_t end = stream.find(' ', at);
    tokens.push_back(stream.substr(at, end - at));
    at = end + 1;
  }
  return tokens;
}

bool IsCluster(std::string_view token) { return EntryAt(token, 0).kind == CharKind::kCluster; }

// Builds the tokens of one word piece by piece: literals and wildcards.
class FormBuilder {
 public:
  void Literal(std::string_view text) {
    const std::vector<std::string> tokens = FoldedTokens(text);
    const bool goes_on = open_ && EntryAt(text, 0).in_token();
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (i == 0 && goes_on && !IsCluster(tokens[0])) {
        form_.back() += tokens[0];
      } else {
        if (i == 0 && goes_on && form_.back() == "*") form_.pop_back();
        form_.push_back(tokens[i]);
      }
    }
    open_ = EndsInToken(text) && !tokens.empty();
  }

  void Wildcard(char wildcard) {
    if (!open_) form_.emplace_back();
    // Text of Han and its like is not spaced: a word in it is found inside others anyway.
    if (wildcard == '*' && !form_.back().empty() && IsCluster(form_.back())) return;
    form_.back() += wildcard;
    open_ = true;
  }

  Form Take() { return std::move(form_); }

 private:
  Form form_;
  bool open_ = false;
};

bool IsShortEnough(const Form& form, std::string* what, std::string* mend) {
  size_t bytes = form.size() - 1;  // the spaces between them
  for (const std::string& token : form) bytes += token.size();
  if (bytes <= kFormBytesMax) return true;
  *what = fmt::format("a word or phrase of {} bytes", bytes);
  *mend = fmt::format("at most {} are taken", kFormBytesMax);
  return false;
}

bool CheckWildcards(std::string_view word, const Form& form, std::string* what, std::string* mend) {
  const size_t inner = word.find('*', 1);
  if (inner != std::string_view::npos && inner + 1 < word.size()) {
    *what = fmt::format("`{}` has a * inside the word", word);
    *mend = "`*` stands at either end of a word; use ? for one letter, or OR";
    return false;
  }
  for (const std::string& token : form) {
    const bool has_star = token.find('*') != std::string::npos;
    const bool has_question = token.find('?') != std::string::npos;
    const size_t letters_min = has_star ? kStarLettersMin : has_question ? kQuestionLettersMin : 0;
    if (LetterCount(token) >= letters_min) continue;
    *what = fmt::format("`{}` is too broad", word);
    *mend = fmt::format("a word with {} needs at least {} letters beside it", has_star ? "*" : "?",
                        letters_min);
    return false;
  }
  return true;
}

bool IsLetter(char32_t c) { return CharTable::Get().Lookup(c).in_token() && (c < '0' || c > '9'); }

// How many letters it begins with.
size_t LettersAtBegin(std::string_view text) {
  size_t letters = 0;
  for (size_t at = 0; at < text.size() && IsLetter(NextCodePoint(text, &at)); ++letters) {
  }
  return letters;
}

// Whether a bare word breaks apart, so that it could never match as one. A period joins single
// letters.
bool IsBroken(std::string_view word) {
  size_t letters = 0;  // in a row
  for (size_t at = 0; at < word.size();) {
    const char32_t c = NextCodePoint(word, &at);
    const CharEntry entry = CharTable::Get().Lookup(c);
    const bool joins = c == '.' && letters == 1 && LettersAtBegin(word.substr(at)) == 1;
    const bool fits = entry.in_token() || entry.joins() || entry.kind == CharKind::kIgnorable ||
                      c == '*' || c == '?' || joins || at == word.size();
    if (!fits) return true;
    letters = IsLetter(c) ? letters + 1 : 0;
  }
  return false;
}

// With a space behind what may end one.
bool LooksLikeAnEnd(std::string_view between, bool has_wildcards) {
  bool may_end = false;
  for (size_t at = 0; at < between.size();) {
    const char32_t c = NextCodePoint(between, &at);
    if (may_end && CharTable::Get().Lookup(c).kind == CharKind::kSpace) return true;
    may_end = may_end || (MayEndSentence(c) && !(has_wildcards && c == '?'));
  }
  return false;
}

std::string WithoutHyphens(std::string_view word) {
  std::string joined;
  for (size_t at = 0; at < word.size();) {
    const size_t begin = at;
    const CharKind kind = CharTable::Get().Lookup(NextCodePoint(word, &at)).kind;
    if (kind == CharKind::kHyphen || kind == CharKind::kNonJoiner) continue;
    joined += word.substr(begin, at - begin);
  }
  return joined;
}

Form FormOf(std::string_view word) {
  FormBuilder builder;
  for (size_t at = 0; at < word.size();) {
    if (IsWildcard(word[at])) {
      builder.Wildcard(word[at++]);
      continue;
    }
    const size_t end = std::min(word.find_first_of("*?", at), word.size());
    builder.Literal(word.substr(at, end - at));
    at = end;
  }
  return builder.Take();
}

std::optional<std::vector<Form>> Forms(std::string_view word, std::string* what,
                                       std::string* mend) {
  Form form = FormOf(word);
  if (form.empty()) return std::vector<Form>{};
  if (!IsShortEnough(form, what, mend)) return std::nullopt;
  if (!CheckWildcards(word, form, what, mend)) return std::nullopt;
  std::vector<Form> forms = {form};
  // Only hyphens join: peace-keeper's is also peacekeeper's, but not peacekeepers.
  Form joined = FormOf(WithoutHyphens(word));
  if (joined != form) forms.push_back(std::move(joined));
  return forms;
}

}  // namespace

size_t LetterCount(std::string_view token) {
  return static_cast<size_t>(std::count_if(token.begin(), token.end(), [](char c) {
    return !IsWildcard(c) && (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string AsWritten(std::string_view text) {
  std::string shown;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const CharEntry entry = CharTable::Get().Lookup(NextCodePoint(text, &at));
    if (entry.kind != CharKind::kIgnorable) shown += text.substr(begin, at - begin);
  }
  UErrorCode error = U_ZERO_ERROR;
  std::string composed;
  icu::Normalizer2::getNFCInstance(error)
      ->normalize(icu::UnicodeString::fromUTF8(shown), error)
      .toUTF8String(composed);
  return composed;
}

std::optional<std::vector<Form>> WordForms(std::string_view word, std::string* what,
                                           std::string* mend) {
  if (word.size() > 1 && word.starts_with('-')) {
    *what = fmt::format("`{}` begins with a hyphen", word);
    *mend = "write NOT before what must not occur; a hyphen joins words";
    return std::nullopt;
  }
  if (IsBroken(word)) {
    *what = fmt::format("`{}` is more than one word", word);
    *mend = fmt::format("quote it: \"{}\"", word);
    return std::nullopt;
  }
  auto forms = Forms(word, what, mend);
  if (forms && forms->empty()) {
    *what = fmt::format("`{}` holds no letter or digit", word);
    *mend = "remove it, or write a word";
    return std::nullopt;
  }
  return forms;
}

std::optional<std::vector<Form>> PhraseForms(std::string_view phrase, std::string* what,
                                             std::string* mend) {
  std::vector<Form> forms = {Form()};
  for (size_t at = 0; at < phrase.size();) {
    const size_t begin = phrase.find_first_not_of(" \t\r\n", at);
    if (begin == std::string_view::npos) break;
    at = std::min(phrase.find_first_of(" \t\r\n", begin), phrase.size());
    const auto words = Forms(phrase.substr(begin, at - begin), what, mend);
    if (!words) return std::nullopt;
    if (words->empty()) continue;  // punctuation by itself
    std::vector<Form> longer;
    for (const Form& form : forms) {
      for (const Form& word : *words) {
        longer.push_back(form);
        longer.back().insert(longer.back().end(), word.begin(), word.end());
      }
    }
    if (longer.size() > kFormsMax) {
      *what = "a phrase with too many hyphenated words";
      *mend = "write spaces in place of some hyphens";
      return std::nullopt;
    }
    forms = std::move(longer);
    if (!IsShortEnough(forms[0], what, mend)) return std::nullopt;
  }
  if (forms[0].empty()) {
    *what = "a phrase without a letter or digit";
    *mend = "remove it, or write words";
    return std::nullopt;
  }
  return forms;
}

bool HasWildcard(std::string_view written) {
  const auto is_letter_at = [&](size_t at) {
    return at < written.size() && EntryAt(written, at).in_token();
  };
  for (size_t at = 1; at < written.size(); ++at) {
    if (written[at] == '*' && EndsInToken(written.substr(0, at)) && !is_letter_at(at + 1))
      return true;
    if (written[at] == '?' && EndsInToken(written.substr(0, at)) && is_letter_at(at + 1))
      return true;
  }
  return written.size() > 1 && written[0] == '*' && is_letter_at(1);
}

Gap GapOf(std::string_view phrase, bool has_wildcards) {
  Folder folder;
  folder.AppendWithTokens(phrase, "und");
  const std::span<const Token> tokens = folder.tokens();
  for (size_t i = 1; i < tokens.size(); ++i) {
    const Token& left = tokens[i - 1];
    const size_t begin = left.source_end;
    const size_t end = std::max<size_t>(begin, tokens[i].source_begin);
    const std::string_view folded =
        folder.stream().substr(left.folded_begin, left.folded_end - left.folded_begin);
    if (!IsOneLetter(folded) && LooksLikeAnEnd(phrase.substr(begin, end - begin), has_wildcards)) {
      return Gap::kSentence;
    }
  }
  return Gap::kPunctuation;
}

std::optional<Phrase> CasedPhrase(std::string_view text, std::string* what, std::string* mend) {
  Folder folder;
  folder.AppendWithTokens(text, "und");
  Phrase phrase = {.gap_max = GapOf(text, false)};
  for (const Token& token : folder.tokens()) {
    const std::string_view stream = folder.stream();
    phrase.tokens.emplace_back(stream.substr(
        token.folded_begin, stream.find(' ', token.folded_begin) - token.folded_begin));
    phrase.written.push_back(
        AsWritten(text.substr(token.source_begin, token.source_end - token.source_begin)));
  }
  if (phrase.tokens.empty()) {
    *what = "{} without a letter or digit";
    *mend = "write a word or phrase between the braces: {Turkey}";
    return std::nullopt;
  }
  if (!IsShortEnough(phrase.tokens, what, mend)) return std::nullopt;
  return phrase;
}

}  // namespace tocsin::rules
