#include "rules/query/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

constexpr uint32_t kDistanceMax = 1000;

bool IsSpace(char32_t c) { return CharTable::Get().Lookup(c).kind == CharKind::kSpace; }

// Straight and curly double quotes, as Word types them in any language.
bool IsQuote(char32_t c) {
  constexpr std::u32string_view kQuotes = U"\"“”„‟«»＂";
  return kQuotes.find(c) != std::u32string_view::npos;
}

bool EndsWord(char32_t c) {
  return IsSpace(c) || IsQuote(c) || c == '(' || c == ')' || c == '{' || c == '}';
}

std::optional<uint32_t> Number(std::string_view digits) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

Lexeme Error(Lexeme at, std::string what, std::string mend) {
  at.kind = LexemeKind::kError;
  at.text = std::move(what);
  at.mend = std::move(mend);
  return at;
}

}  // namespace

Lexeme Lexer::Next() {
  while (at_ < query_.size()) {
    const size_t begin = at_;
    size_t end = at_;
    const char32_t c = NextCodePoint(query_, &end);
    if (IsSpace(c)) {
      at_ = end;
      continue;
    }
    if (c == '(' || c == ')') {
      at_ = end;
      return {
          .kind = c == '(' ? LexemeKind::kOpen : LexemeKind::kClose, .begin = begin, .end = end};
    }
    if (IsQuote(c)) return Delimited(begin, end - begin, LexemeKind::kPhrase);
    if (c == '{') return Delimited(begin, 1, LexemeKind::kCased);
    if (c == '/') return Regex(begin);
    if (c == '}') {
      at_ = end;
      return Error({.begin = begin, .end = end}, "`}` without `{`",
                   "remove it, or write `{Turkey}`");
    }
    return Bare(begin);
  }
  return {.kind = LexemeKind::kEnd, .begin = query_.size(), .end = query_.size()};
}

Lexeme Lexer::Delimited(size_t begin, size_t open_length, LexemeKind kind) {
  const bool is_phrase = kind == LexemeKind::kPhrase;
  for (size_t at = begin + open_length; at < query_.size();) {
    const size_t from = at;
    const char32_t c = NextCodePoint(query_, &at);
    if (is_phrase ? !IsQuote(c) : c != '}') continue;
    at_ = at;
    return {.kind = kind,
            .begin = begin,
            .end = at,
            .text = std::string(query_.substr(begin + open_length, from - begin - open_length))};
  }
  at_ = query_.size();
  return Error({.begin = begin, .end = begin + open_length},
               is_phrase ? "a quote that is not closed" : "`{` that is not closed",
               is_phrase ? "close the phrase with \"" : "close it with }");
}

Lexeme Lexer::Regex(size_t begin) {
  for (size_t at = begin + 1; at < query_.size(); ++at) {
    if (query_[at] == '\\') {
      ++at;
    } else if (query_[at] == '/') {
      at_ = at + 1;
      return {.kind = LexemeKind::kRegex,
              .begin = begin,
              .end = at_,
              .text = std::string(query_.substr(begin + 1, at - begin - 1))};
    }
  }
  at_ = query_.size();
  return Error({.begin = begin, .end = begin + 1}, "a regex that is not closed",
               "close it with /, and write a slash inside it as \\/");
}

Lexeme Lexer::Bare(size_t begin) {
  size_t end = begin;
  while (end < query_.size()) {
    size_t next = end;
    if (EndsWord(NextCodePoint(query_, &next))) break;
    end = next;
    if (query_[end - 1] != ':') continue;
    // A scope ends at its colon, whatever follows.
    Lexeme scope{.kind = LexemeKind::kScope, .begin = begin, .end = end};
    const std::string_view name = query_.substr(begin, end - begin - 1);
    constexpr std::array<std::pair<std::string_view, Scope>, 3> kScopes = {
        {{"title", Scope::kTitle}, {"lead", Scope::kLead}, {"body", Scope::kBody}}};
    for (const auto& [known, value] : kScopes) {
      if (name != known) continue;
      scope.scope = value;
      at_ = end;
      return scope;
    }
    at_ = end;
    return Error(scope, fmt::format("`{}:` is no field", name),
                 "the fields are title:, lead: and body:; put text that holds a colon in quotes");
  }
  at_ = end;
  return Operator({.kind = LexemeKind::kWord,
                   .begin = begin,
                   .end = end,
                   .text = std::string(query_.substr(begin, end - begin))});
}

Lexeme Lexer::Operator(Lexeme word) const {
  const std::string_view text = word.text;
  constexpr std::array<std::pair<std::string_view, LexemeKind>, 3> kOperators = {
      {{"AND", LexemeKind::kAnd}, {"OR", LexemeKind::kOr}, {"NOT", LexemeKind::kNot}}};
  for (const auto& [name, kind] : kOperators) {
    if (text != name) continue;
    word.kind = kind;
    return word;
  }
  const size_t slash = text.find('/');
  const std::string_view name = text.substr(0, slash);
  const std::string unit(slash == std::string_view::npos ? "" : text.substr(slash + 1));
  const bool is_ordered = name == "ONEAR";
  if (is_ordered || name == "NEAR") return Proximity(std::move(word), is_ordered, unit);
  if (name == "ATLEAST") return AtLeast(std::move(word), unit);
  if (text[0] == '$') {
    word.kind = LexemeKind::kName;
    word.text = word.text.substr(1);
  }
  return word;
}

Lexeme Lexer::Proximity(Lexeme word, bool ordered, std::string_view unit) const {
  word.kind = LexemeKind::kNear;
  word.reach = {.ordered = ordered};
  if (unit == "S" || unit == "P") {
    word.reach.gap_max = unit == "S" ? Gap::kPunctuation : Gap::kSentence;
    return word;
  }
  const std::optional<uint32_t> tokens_max = Number(unit);
  if (!tokens_max || *tokens_max == 0 || *tokens_max > kDistanceMax) {
    return Error(word, fmt::format("`{}` has no distance from 1 to {}", word.text, kDistanceMax),
                 "write NEAR/8 for eight words, NEAR/S for the same sentence, NEAR/P for the same "
                 "paragraph");
  }
  word.reach.tokens_max = *tokens_max;
  return word;
}

Lexeme Lexer::AtLeast(Lexeme word, std::string_view count) const {
  word.kind = LexemeKind::kAtLeast;
  const std::optional<uint32_t> number = Number(count);
  if (!number || *number == 0 || *number > kDistanceMax) {
    return Error(word, fmt::format("`{}` has no count from 1 to {}", word.text, kDistanceMax),
                 "write ATLEAST/3(sanctions)");
  }
  word.count = *number;
  return word;
}

}  // namespace tocsin::rules
