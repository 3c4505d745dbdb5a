#include "pipeline/decode/selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr size_t kTextBytesMax = 1024;
constexpr size_t kIndexDigitsMax = 9;
constexpr std::string_view kDeep = "**";

// What ~ takes literally: JSON Pointer's ~0 and ~1, and every character that means something here.
std::optional<char> Escaped(char byte) {
  if (byte == '0') return '~';
  if (byte == '1') return '/';
  if (std::string_view("~/*^[]=!|").find(byte) != std::string_view::npos) return byte;
  return std::nullopt;
}

std::optional<size_t> IndexOf(std::string_view token) {
  const bool is_index = !token.empty() && token.size() <= kIndexDigitsMax &&
                        (token == "0" || token.front() != '0') &&
                        token.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_index) return std::nullopt;
  size_t index = 0;
  std::from_chars(token.data(), token.data() + token.size(), index);
  return index;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<Selector> Run() {
    if (text_.size() > kTextBytesMax) return Error("a selector has at most 1024 bytes");
    Selector selector{.steps = {{}}, .text = std::string(text_)};
    RETURN_IF_ERROR(ReadConditions(&selector.steps.back()));
    while (at_ < text_.size()) {
      if (!Accept('/')) return Error("expected / or [; a selector begins with /");
      ASSIGN_OR_RETURN(Step step, ReadStep());
      const bool is_deep = IsDeep(step);
      if (is_deep && std::any_of(selector.steps.begin(), selector.steps.end(), &IsDeep)) {
        return Error("a second **: the first takes in all that lies below");
      }
      selector.steps.push_back(std::move(step));
    }
    return selector;
  }

 private:
  static bool IsDeep(const Step& step) {
    return step.kind == Step::Kind::kDeep || step.kind == Step::Kind::kDeepOutermost;
  }

  absl::Status Error(std::string_view what) const {
    return absl::InvalidArgumentError(
        fmt::format("character {} of '{}': {}", at_ + 1, text_.substr(0, kTextBytesMax), what));
  }

  bool Next(char byte) const { return at_ < text_.size() && text_[at_] == byte; }

  bool Accept(char byte) {
    if (!Next(byte)) return false;
    ++at_;
    return true;
  }

  absl::StatusOr<Step> ReadStep() {
    Step step;
    if (text_.substr(at_).starts_with(kDeep)) {
      at_ += kDeep.size();
      step.kind = Accept('!') ? Step::Kind::kDeepOutermost : Step::Kind::kDeep;
    } else if (Accept('*')) {
      step.kind = Step::Kind::kAny;
    } else {
      step.kind = Accept('^') ? Step::Kind::kPrefix : Step::Kind::kKey;
      ASSIGN_OR_RETURN(step.text, ReadText("/["));
      if (step.kind == Step::Kind::kKey) step.index = IndexOf(step.text);
      if (step.kind == Step::Kind::kPrefix && step.text.empty()) {
        return Error("^ needs the beginning of a key; any key is *");
      }
    }
    RETURN_IF_ERROR(ReadConditions(&step));
    if (at_ < text_.size() && !Next('/')) return Error("expected / or [; a literal * is ~*");
    return step;
  }

  absl::Status ReadConditions(Step* step) {
    while (Accept('[')) {
      ASSIGN_OR_RETURN(Condition condition, ReadCondition());
      step->conditions.push_back(std::move(condition));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Condition> ReadCondition() {
    Condition condition{.path = {}, .values = {}, .is_negated = Accept('!')};
    if (!Next('=')) {
      do {
        ASSIGN_OR_RETURN(std::string key, ReadText("/=!]"));
        condition.path.push_back(std::move(key));
      } while (Accept('/'));
    }
    if (Accept(']')) return condition;
    if (Accept('!')) condition.is_negated = !condition.is_negated;
    if (!Accept('=')) return Error("expected =, != or ]; a condition is [key=value]");
    do {
      ASSIGN_OR_RETURN(Pattern pattern, ReadPattern());
      condition.values.push_back(std::move(pattern));
    } while (Accept('|'));
    if (!Accept(']')) return Error("expected | or ]");
    return condition;
  }

  absl::StatusOr<Pattern> ReadPattern() {
    Pattern pattern;
    pattern.open_begin = Accept('*');
    ASSIGN_OR_RETURN(pattern.text, ReadText("*|]"));
    pattern.open_end = Accept('*');
    return pattern;
  }

  // Up to one of these, or the end.
  absl::StatusOr<std::string> ReadText(std::string_view ends) {
    std::string text;
    while (at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos) {
      if (!Accept('~')) {
        text.push_back(text_[at_++]);
        continue;
      }
      const auto literal = at_ < text_.size() ? Escaped(text_[at_]) : std::nullopt;
      if (!literal) return Error("~ must be followed by 0 (for ~), 1 (for /) or one of *^[]=!|");
      text.push_back(*literal);
      ++at_;
    }
    return text;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

bool Pattern::Matches(std::string_view candidate) const {
  if (open_begin && open_end) return candidate.find(text) != std::string_view::npos;
  if (open_begin) return candidate.ends_with(text);
  return open_end ? candidate.starts_with(text) : candidate == text;
}

absl::StatusOr<Selector> ParseSelector(std::string_view text) { return Parser(text).Run(); }

}  // namespace tocsin
