#include "rules/query/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "rules/query/lexer.h"
#include "rules/query/span_check.h"
#include "rules/query/words.h"

namespace tocsin::rules {
namespace {

bool StartsOperand(LexemeKind kind) {
  switch (kind) {
    case LexemeKind::kWord:
    case LexemeKind::kPhrase:
    case LexemeKind::kCased:
    case LexemeKind::kRegex:
    case LexemeKind::kName:
    case LexemeKind::kScope:
    case LexemeKind::kOpen:
    case LexemeKind::kAtLeast:
      return true;
    default:
      return false;
  }
}

// In small letters, or with a capital first: no query means the word by it.
bool ReadsLikeOperator(std::string_view word) {
  std::string name(word.substr(0, word.find('/')));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  constexpr std::array<std::string_view, 6> kOperators = {"AND",  "OR",    "NOT",
                                                          "NEAR", "ONEAR", "ATLEAST"};
  return std::find(kOperators.begin(), kOperators.end(), name) != kOperators.end();
}

// Recursive descent, one function a level of precedence. The first error stops it: Fail records it,
// and every level returns nullopt.
class Parser {
 public:
  Parser(std::string_view query, QueryError* error) : query_(query), lexer_(query), error_(error) {
    Advance();
  }

  std::optional<Node> Parse() {
    if (lookahead_.kind == LexemeKind::kEnd)
      return Fail(lookahead_, "an empty query", "write a word");
    std::optional<Node> root = Or();
    if (!root) return std::nullopt;
    if (lookahead_.kind == LexemeKind::kEnd) return root;
    if (lookahead_.kind == LexemeKind::kClose) {
      return Fail(lookahead_, "`)` without `(`", "remove it, or open the group before");
    }
    return Unexpected();
  }

 private:
  // One lexeme ahead; two behind a NOT, to tell NOT NEAR from NOT.
  void Advance() {
    latest_ = lookahead_;
    if (after_not_) {
      lookahead_ = *std::move(after_not_);
      after_not_.reset();
    } else {
      lookahead_ = lexer_.Next();
    }
    if (lookahead_.kind == LexemeKind::kNot && !after_not_) after_not_ = lexer_.Next();
  }

  bool AtNotNear() const { return after_not_ && after_not_->kind == LexemeKind::kNear; }

  std::nullopt_t Fail(const Lexeme& at, std::string what, std::string mend) {
    *error_ = {.at = at.begin, .what = std::move(what), .mend = std::move(mend)};
    return std::nullopt;
  }

  std::nullopt_t Unexpected() {
    if (lookahead_.kind == LexemeKind::kError) {
      return Fail(lookahead_, lookahead_.text, lookahead_.mend);
    }
    const std::string_view found =
        query_.substr(lookahead_.begin, lookahead_.end - lookahead_.begin);
    if (lookahead_.kind == LexemeKind::kWord && ReadsLikeOperator(found)) {
      return FailOfOperator(lookahead_);
    }
    if (StartsOperand(lookahead_.kind)) {
      if (latest_.kind == LexemeKind::kWord && ReadsLikeOperator(latest_.text)) {
        return FailOfOperator(latest_);
      }
      return Fail(lookahead_, fmt::format("`{}` right behind another word", found),
                  "put both in quotes to search for the phrase, or write AND between them; quotes "
                  "around all that stands behind `query:` are YAML's: write it below `query: >-`");
    }
    return Fail(
        lookahead_,
        found.empty() ? "the query ends here" : fmt::format("`{}` is not expected here", found),
        "a word, a phrase or a group in parentheses is expected");
  }

  std::nullopt_t FailOfOperator(const Lexeme& word) {
    return Fail(word, fmt::format("`{}` reads like an operator", word.text),
                "operators are written in capitals; a word that reads like one goes in quotes");
  }

  // Joins `left` and further operands under `op`, flattening a OR b OR c into one node.
  template <typename Next>
  std::optional<Node> Chain(Op op, LexemeKind kind, Next next) {
    std::optional<Node> first = next();
    if (!first || lookahead_.kind != kind) return first;
    Node node{.op = op, .begin = first->begin};
    node.children.push_back(*std::move(first));
    while (lookahead_.kind == kind) {
      Advance();
      std::optional<Node> operand = next();
      if (!operand) return std::nullopt;
      node.children.push_back(*std::move(operand));
    }
    node.end = node.children.back().end;
    return node;
  }

  std::optional<Node> Or() {
    return Chain(Op::kOr, LexemeKind::kOr, [this] { return And(); });
  }

  std::optional<Node> And() {
    return Chain(Op::kAnd, LexemeKind::kAnd, [this] { return Not(); });
  }

  std::optional<Node> Negated() {
    const size_t begin = lookahead_.begin;
    Advance();
    std::optional<Node> child = Near();
    if (!child) return std::nullopt;
    Node node{.op = Op::kNot, .begin = begin, .end = child->end};
    node.children.push_back(*std::move(child));
    return node;
  }

  // [NOT] near { NOT near }: A NOT B is A AND NOT B.
  std::optional<Node> Not() {
    std::optional<Node> first = lookahead_.kind == LexemeKind::kNot ? Negated() : Near();
    if (!first || lookahead_.kind != LexemeKind::kNot) return first;
    Node node{.op = Op::kAnd, .begin = first->begin};
    node.children.push_back(*std::move(first));
    while (lookahead_.kind == LexemeKind::kNot) {
      std::optional<Node> negated = Negated();
      if (!negated) return std::nullopt;
      node.children.push_back(*std::move(negated));
    }
    node.end = node.children.back().end;
    return node;
  }

  std::optional<Node> Near() {
    std::optional<Node> left = Primary();
    while (left && (lookahead_.kind == LexemeKind::kNear || AtNotNear())) {
      const bool negated = lookahead_.kind == LexemeKind::kNot;
      if (negated) Advance();
      const Lexeme near = lookahead_;
      Advance();
      std::optional<Node> right = Primary();
      if (!right) return std::nullopt;
      Node node{.op = negated ? Op::kNotNear : Op::kNear, .begin = left->begin, .end = right->end};
      node.reach = near.reach;
      node.children.push_back(*std::move(left));
      node.children.push_back(*std::move(right));
      SpanUser user{.name = query_.substr(near.begin, near.end - near.begin),
                    .is_negated = negated,
                    .is_left = true};
      if (!HasSpans(node.children[0], user, query_, error_)) return std::nullopt;
      user.is_left = false;
      if (!HasSpans(node.children[1], user, query_, error_)) return std::nullopt;
      left = std::move(node);
    }
    return left;
  }

  std::optional<Node> Primary() {
    if (depth_ >= kQueryDepthMax) {
      return Fail(lookahead_, "nested too deeply",
                  "name a part of it under `queries:` and write $name");
    }
    ++depth_;
    std::optional<Node> node = PrimaryAtDepth();
    --depth_;
    return node;
  }

  std::optional<Node> PrimaryAtDepth() {
    const Lexeme lexeme = lookahead_;
    switch (lexeme.kind) {
      case LexemeKind::kOpen:
        return Group();
      case LexemeKind::kScope:
        return Scoped();
      case LexemeKind::kAtLeast:
        return AtLeast();
      case LexemeKind::kWord:
      case LexemeKind::kPhrase:
        Advance();
        return Words(lexeme);
      case LexemeKind::kCased:
        Advance();
        return Cased(lexeme);
      case LexemeKind::kRegex:
      case LexemeKind::kName:
        Advance();
        return Leaf(lexeme);
      default:
        return Unexpected();
    }
  }

  std::optional<Node> Group() {
    const Lexeme open = lookahead_;
    Advance();
    std::optional<Node> node = Or();
    if (!node) return std::nullopt;
    if (lookahead_.kind == LexemeKind::kEnd) {
      return Fail(open, "`(` that is not closed", "close the group with )");
    }
    if (lookahead_.kind != LexemeKind::kClose) return Unexpected();
    node->begin = open.begin;
    node->end = lookahead_.end;
    Advance();
    return node;
  }

  std::optional<Node> Scoped() {
    const Lexeme scope = lookahead_;
    Advance();
    if (lookahead_.kind == LexemeKind::kScope) {
      return Fail(lookahead_, "a field inside a field", "keep one of them");
    }
    std::optional<Node> child = Primary();
    if (!child) return std::nullopt;
    Node node{.op = Op::kScope, .begin = scope.begin, .end = child->end, .scope = scope.scope};
    node.children.push_back(*std::move(child));
    return node;
  }

  std::optional<Node> AtLeast() {
    const Lexeme at_least = lookahead_;
    Advance();
    if (lookahead_.kind != LexemeKind::kOpen) {
      return Fail(lookahead_, "ATLEAST without parentheses", "write ATLEAST/3(sanctions)");
    }
    std::optional<Node> child = Group();
    if (!child) return std::nullopt;
    Node node{.op = Op::kAtLeast,
              .begin = at_least.begin,
              .end = child->end,
              .count_min = at_least.count};
    node.children.push_back(*std::move(child));
    // A regex has spans to count, if no tokens to measure by.
    if (node.children[0].op == Op::kRegex) return node;
    const SpanUser user{.name = query_.substr(at_least.begin, at_least.end - at_least.begin),
                        .counts = true};
    if (!HasSpans(node.children[0], user, query_, error_)) return std::nullopt;
    return node;
  }

  std::optional<Node> Words(const Lexeme& lexeme) {
    std::string what;
    std::string mend;
    const bool is_phrase = lexeme.kind == LexemeKind::kPhrase;
    const auto forms =
        is_phrase ? PhraseForms(lexeme.text, &what, &mend) : WordForms(lexeme.text, &what, &mend);
    if (!forms && !is_phrase && ReadsLikeOperator(lexeme.text)) return FailOfOperator(lexeme);
    if (!forms) return Fail(lexeme, what, mend);
    const Gap gap_max = is_phrase ? GapOf(lexeme.text, true) : Gap::kSpace;
    Node node{.op = Op::kOr, .begin = lexeme.begin, .end = lexeme.end};
    for (const Form& form : *forms) {
      Node phrase{.op = Op::kPhrase, .begin = lexeme.begin, .end = lexeme.end};
      phrase.phrase = {.tokens = form, .gap_max = gap_max};
      node.children.push_back(std::move(phrase));
    }
    if (node.children.size() > 1) return node;
    return std::move(node.children[0]);
  }

  std::optional<Node> Cased(const Lexeme& lexeme) {
    std::string what;
    std::string mend;
    if (HasWildcard(lexeme.text)) {
      return Fail(lexeme,
                  fmt::format("`{{{}}}` has a wildcard, which braces do not take", lexeme.text),
                  "write each form: {Turk} OR {Turks}");
    }
    std::optional<Phrase> phrase = CasedPhrase(lexeme.text, &what, &mend);
    if (!phrase) return Fail(lexeme, what, mend);
    Node node{.op = Op::kPhrase, .begin = lexeme.begin, .end = lexeme.end};
    node.phrase = *std::move(phrase);
    return node;
  }

  std::optional<Node> Leaf(const Lexeme& lexeme) {
    const bool is_regex = lexeme.kind == LexemeKind::kRegex;
    if (lexeme.text.empty()) {
      return Fail(lexeme, is_regex ? "an empty regex" : "`$` without a name",
                  is_regex ? "write /pattern/" : "write the name of a query: $russia");
    }
    Node node{.op = is_regex ? Op::kRegex : Op::kName, .begin = lexeme.begin, .end = lexeme.end};
    node.text = lexeme.text;
    return node;
  }

  std::string_view query_;
  Lexer lexer_;
  QueryError* error_;
  Lexeme lookahead_;
  Lexeme latest_;  // the one before
  std::optional<Lexeme> after_not_;
  int depth_ = 0;
};

}  // namespace

std::string_view WhyNotSpans(Op op) {
  switch (op) {
    case Op::kAnd:
      return "AND";
    case Op::kNot:
      return "NOT";
    case Op::kAtLeast:
      return "ATLEAST";
    case Op::kScope:
      return "a field";
    case Op::kRegex:
      return "a regex";
    default:
      return {};
  }
}

std::optional<Node> ParseQuery(std::string_view query, QueryError* error) {
  if (query.size() > kQueryBytesMax) {
    *error = {.at = 0,
              .what = fmt::format("a query of {} bytes", query.size()),
              .mend = fmt::format("at most {} are taken; split the rule", kQueryBytesMax)};
    return std::nullopt;
  }
  // What YAML makes of the \b of a regex between double quotes.
  const auto control = std::find_if(query.begin(), query.end(), [](char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  });
  if (control != query.end()) {
    *error = {
        .at = static_cast<size_t>(control - query.begin()),
        .what = "a control character",
        .mend = "write the query below `query: >-`: between double quotes a backslash is YAML's"};
    return std::nullopt;
  }
  return Parser(query, error).Parse();
}

}  // namespace tocsin::rules
