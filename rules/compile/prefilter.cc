#include "rules/compile/prefilter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>

#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kAnything = "(?s:.)";
constexpr int kDepthMax = 60;
constexpr size_t kRepeatedWeightMax = 48;  // of a repeated atom, written out
constexpr size_t kClassWeight = 4;
constexpr char32_t kRangeMax = 256;

// A part of the regex, loosened.
struct Part {
  std::string text;
  size_t weight = 0;
  size_t literal = 0;    // code points: the longest literal that it must hold
  bool is_char = false;  // one literal character
};

struct Repeat {
  uint32_t min;
  std::optional<uint32_t> max;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Part Anything(std::string_view repeat = "") {
  if (repeat.empty()) return {.text = std::string(kAnything), .weight = 1};
  return {.text = fmt::format("(?:{}{})", kAnything, repeat), .weight = 1};
}

// Recursive descent over the regex; nullopt for what it does not understand.
class Loosener {
 public:
  explicit Loosener(std::string_view regex) : regex_(regex) {}

  std::optional<Part> Run() {
    std::optional<Part> part = Alternation(0);
    return part && at_ == regex_.size() ? part : std::nullopt;
  }

 private:
  bool AtEnd() const { return at_ >= regex_.size(); }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < regex_.size() ? regex_[at_ + ahead] : '\0';
  }
  bool Take(std::string_view text) {
    if (!regex_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  bool TakeThrough(char end) {
    const size_t found = regex_.find(end, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + 1;
    return true;
  }

  std::optional<Part> Alternation(int depth) {
    std::optional<Part> all = Sequence(depth);
    while (all && Take("|")) {
      const std::optional<Part> next = Sequence(depth);
      if (!next) return std::nullopt;
      all->text += '|' + next->text;
      all->weight += next->weight;
      all->literal = std::min(all->literal, next->literal);
    }
    return all;
  }

  std::optional<Part> Sequence(int depth) {
    Part all;
    size_t run = 0;
    while (!AtEnd() && Peek() != '|' && Peek() != ')') {
      const std::optional<Part> atom = Atom(depth);
      if (!atom) return std::nullopt;
      const std::optional<Repeat> repeat = TakeRepeat();
      if (atom->text.empty() || (atom->text == "\\b" && repeat)) continue;
      const Part part = repeat ? Repeated(*atom, *repeat) : *atom;
      all.text += part.text;
      all.weight += part.weight;
      run = part.is_char ? run + 1 : part.text == "\\b" ? run : 0;
      all.literal = std::max({all.literal, part.literal, run});
    }
    return all;
  }

  // A quantifier with what may stand behind it; lazy and possessive ones find the same documents or
  // fewer.
  std::optional<Repeat> TakeRepeat() {
    std::optional<Repeat> repeat;
    if (Take("*")) {
      repeat = Repeat{.min = 0, .max = std::nullopt};
    } else if (Take("+")) {
      repeat = Repeat{.min = 1, .max = std::nullopt};
    } else if (Take("?")) {
      repeat = Repeat{.min = 0, .max = 1};
    } else {
      repeat = TakeBraces();
    }
    if (repeat && !Take("?")) Take("+");
    return repeat;
  }

  std::optional<uint32_t> TakeNumber(size_t* at) const {
    uint32_t number = 0;
    const char* const begin = regex_.data() + *at;
    const auto [end, error] = std::from_chars(begin, regex_.data() + regex_.size(), number);
    if (error != std::errc()) return std::nullopt;
    *at += static_cast<size_t>(end - begin);
    return number;
  }

  // {m}, {m,} and {m,n}.
  std::optional<Repeat> TakeBraces() {
    if (Peek() != '{') return std::nullopt;
    size_t at = at_ + 1;
    const std::optional<uint32_t> min = TakeNumber(&at);
    if (!min || at >= regex_.size()) return std::nullopt;
    Repeat repeat{.min = *min, .max = min};
    if (regex_[at] == ',') {
      ++at;
      repeat.max = TakeNumber(&at);
    }
    if (at >= regex_.size() || regex_[at] != '}') return std::nullopt;
    at_ = at + 1;
    return repeat;
  }

  static Part Repeated(const Part& atom, Repeat repeat) {
    const size_t copies_max =
        std::max<size_t>(1, kRepeatedWeightMax / std::max<size_t>(1, atom.weight));
    if (repeat.max.value_or(repeat.min) > copies_max) {
      repeat = {.min = std::min(repeat.min, static_cast<uint32_t>(copies_max)),
                .max = std::nullopt};
    }
    Part part{.text = atom.text, .literal = repeat.min > 0 ? atom.literal : 0};
    part.weight = atom.weight * std::max<size_t>(1, repeat.max.value_or(repeat.min));
    if (repeat.max) {
      part.text += fmt::format("{{{},{}}}", repeat.min, *repeat.max);
    } else if (repeat.min > 1) {
      part.text += fmt::format("{{{},}}", repeat.min);
    } else {
      part.text += repeat.min == 1 ? '+' : '*';
    }
    return part;
  }

  std::optional<Part> Atom(int depth) {
    switch (Peek()) {
      case '(':
        return Group(depth);
      case '[':
        return Class();
      case '\\':
        return Escape();
      case '.':
        ++at_;
        return Anything();
      case '^':
      case '$':
        ++at_;
        return Part();
      case '{':
        // From 10.43 on PCRE2 reads {,n} and { m, n } as repeats, before as literals.
        if (Peek(1) == ',' || Peek(1) == ' ' || Peek(1) == '\t' || IsDigit(Peek(1))) {
          return std::nullopt;
        }
        return Literal();
      default:
        return Literal();
    }
  }

  Part Literal() {
    const size_t begin = at_;
    NextCodePoint(regex_, &at_);
    std::string text(regex_.substr(begin, at_ - begin));
    // A brace or bracket that stands for itself: Hyperscan is stricter about them.
    if (text.find_first_of("{}[]*+?()|^$.\\") != std::string::npos) text.insert(0, "\\");
    return {.text = std::move(text), .weight = 1, .literal = 1, .is_char = true};
  }

  // What stands behind `(`: the opening of the loosened group; nullopt if it is not understood.
  struct Opening {
    std::string text;
    bool is_assertion = false;
    bool is_whole = false;  // the group has no content of its own
  };
  std::optional<Opening> TakeOpening() {
    if (Peek() == '*') return std::nullopt;
    if (!Take("?")) return Opening{.text = "(?:"};
    for (const std::string_view assertion : {"=", "!", "<=", "<!", "<*"}) {
      if (Take(assertion)) return Opening{.is_assertion = true};
    }
    for (const std::string_view plain : {":", "|", ">"}) {
      if (Take(plain)) return Opening{.text = "(?:"};
    }
    if (Take("P<") || Take("<"))
      return TakeThrough('>') ? std::optional(Opening{.text = "(?:"}) : std::nullopt;
    if (Take("'")) return TakeThrough('\'') ? std::optional(Opening{.text = "(?:"}) : std::nullopt;
    const bool refers = Peek() == 'R' || Peek() == '&' || Peek() == 'P' || Peek() == '+' ||
                        IsDigit(Peek()) || (Peek() == '-' && IsDigit(Peek(1)));
    if (refers) {
      if (!TakeThrough(')')) return std::nullopt;
      return Opening{.text = Anything("*").text, .is_whole = true};
    }
    const size_t begin = at_;
    while (Peek() == 'i' || Peek() == 'm' || Peek() == 's' || Peek() == '-') ++at_;
    std::string flags = fmt::format("(?{}", regex_.substr(begin, at_ - begin));
    if (Take(":")) return Opening{.text = flags + ":"};
    if (Take(")")) return Opening{.text = flags + ")", .is_whole = true};
    return std::nullopt;
  }

  std::optional<Part> Group(int depth) {
    ++at_;
    if (depth >= kDepthMax) return std::nullopt;
    const std::optional<Opening> opening = TakeOpening();
    if (!opening) return std::nullopt;
    if (opening->is_whole) return Part{.text = opening->text, .weight = 1};
    std::optional<Part> content = Alternation(depth + 1);
    if (!content || !Take(")")) return std::nullopt;
    if (opening->is_assertion) return Part();
    content->text = opening->text + content->text + ")";
    content->is_char = false;
    return content;
  }

  std::optional<Part> Escape() {
    const char c = Peek(1);
    const size_t begin = at_;
    at_ += 2;
    constexpr std::string_view kAssertions = "BAzZGKE";
    constexpr std::string_view kLargeClasses = "wWDShHvVNXC";
    constexpr std::string_view kControls = "aefnrt";
    if (kAssertions.find(c) != std::string_view::npos) return Part();
    if (c == 'b') return Part{.text = "\\b"};
    if (c == 'R' || c == 'X') return Anything("+");
    if (c == 'N' && Peek() == '{' && Peek(1) == 'U') return std::nullopt;
    if (kLargeClasses.find(c) != std::string_view::npos) return Anything();
    if (c == 'd' || c == 's') return Part{.text = {'\\', c}, .weight = kClassWeight};
    if (kControls.find(c) != std::string_view::npos) {
      return Part{.text = {'\\', c}, .weight = 1, .literal = 1, .is_char = true};
    }
    if (c == 'x') return Hexadecimal(begin);
    if (c == 'p' || c == 'P') return Property();
    if (c == 'g' || c == 'k' || IsDigit(c)) return Reference(c);
    const bool is_other = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '\0';
    if (is_other) return std::nullopt;
    --at_;
    return Literal();
  }

  std::optional<Part> Hexadecimal(size_t begin) {
    if (Peek() == '{') {
      if (!TakeThrough('}')) return std::nullopt;
      return Part{.text = std::string(regex_.substr(begin, at_ - begin)),
                  .weight = 1,
                  .literal = 1,
                  .is_char = true};
    }
    // One or two digits, or none: any character covers them all.
    for (int i = 0; i < 2 && std::isxdigit(static_cast<unsigned char>(Peek())) != 0; ++i) ++at_;
    return Anything();
  }

  std::optional<Part> Property() {
    if (Peek() != '{') {
      ++at_;
    } else if (!TakeThrough('}')) {
      return std::nullopt;
    }
    return Anything();
  }

  std::optional<Part> Reference(char kind) {
    if (IsDigit(kind)) {
      while (IsDigit(Peek())) ++at_;
    } else if (Take("{")) {
      if (!TakeThrough('}')) return std::nullopt;
    } else if (Take("<")) {
      if (!TakeThrough('>')) return std::nullopt;
    } else if (Take("'")) {
      if (!TakeThrough('\'')) return std::nullopt;
    } else {
      if (Peek() == '-' || Peek() == '+') ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    return Anything("*");
  }

  // [...] as it stands if it is small, else any character.
  std::optional<Part> Class() {
    const size_t begin = at_++;
    bool is_small = Peek() != '^' && Peek() != ']';
    if (Peek() == '^') ++at_;
    if (Peek() == ']') ++at_;
    char32_t previous = 0;
    while (!AtEnd() && Peek() != ']') {
      if (Peek() == '[') {
        is_small = false;
        if (Peek(1) == ':') {
          const size_t end = regex_.find(":]", at_ + 2);
          if (end == std::string_view::npos) return std::nullopt;
          at_ = end + 2;
          continue;
        }
      }
      if (Peek() == '\\') {
        const char c = Peek(1);
        if (c == 'Q') return std::nullopt;
        is_small &= c == 'd' || c == 's' || std::ispunct(static_cast<unsigned char>(c)) != 0;
        at_ += 2;
        previous = static_cast<unsigned char>(c);
        continue;
      }
      const bool is_range = Peek() == '-' && Peek(1) != ']';
      if (is_range) ++at_;
      if (is_range && Peek() == '\\') is_small = false;
      if (is_range && Peek() == '\\') continue;
      const char32_t c = NextCodePoint(regex_, &at_);
      if (is_range && c > previous + kRangeMax) is_small = false;
      previous = c;
    }
    if (!Take("]")) return std::nullopt;
    if (!is_small) return Anything();
    return Part{.text = std::string(regex_.substr(begin, at_ - begin)), .weight = kClassWeight};
  }

  std::string_view regex_;
  size_t at_ = 0;
};

}  // namespace

Prefilter Loosen(std::string_view regex) {
  // Hyperscan reads patterns up to a NUL.
  const bool is_cut = regex.find('\0') != std::string_view::npos;
  const std::optional<Part> part = is_cut ? std::nullopt : Loosener(regex).Run();
  if (!part || part->text.empty()) return {.pattern = std::string(kAnything)};
  return {.pattern = part->text, .literal_length = part->literal};
}

}  // namespace tocsin::rules
