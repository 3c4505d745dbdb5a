#include "rules/compile/lint_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "rules/query/glob.h"
#include "rules/query/words.h"
#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

constexpr size_t kLettersMin = 3;
constexpr size_t kLeadingLettersMin = 4;
constexpr size_t kBroadMax = 200;     // wildcards looked at among the operands of one OR
constexpr size_t kTextBytesMax = 60;  // of an operand shown
// Below: Latin, Greek, Cyrillic, Armenian, which have cases, and Hebrew and Arabic, which have not.
// In all of them a word of two letters says little.
constexpr char32_t kShortScripts = 0x700;
constexpr char32_t kCaselessScripts = 0x590;

bool IsBelow(std::string_view token, char32_t limit) {
  for (size_t at = 0; at < token.size();) {
    if (NextCodePoint(token, &at) >= limit) return false;
  }
  return true;
}

// Equal for operands that find the same.
std::string Key(const Node& node) {
  std::string key = fmt::format("({} {} {} {} {} {} {} {}", static_cast<int>(node.op),
                                static_cast<int>(node.scope), node.count_min, node.reach.ordered,
                                node.reach.tokens_max, static_cast<int>(node.reach.gap_max),
                                node.text, fmt::join(node.phrase.written, " "));
  const bool gap_counts = node.phrase.tokens.size() > 1;
  key += fmt::format("|{}{}", fmt::join(node.phrase.tokens, " "),
                     gap_counts ? static_cast<int>(node.phrase.gap_max) : 0);
  for (const Node& child : node.children) key += Key(child);
  return key + ")";
}

// A hyphenated word: an OR of its forms, all in one place.
bool IsWord(const Node& node) {
  return node.op == Op::kOr && node.children[0].begin == node.begin &&
         node.children[0].end == node.end;
}

// The phrases that an operand is an OR of: one, or the forms of a hyphenated word; none if it is
// something else.
std::vector<const Phrase*> Alternatives(const Node& node) {
  if (node.op == Op::kPhrase) return {&node.phrase};
  std::vector<const Phrase*> all;
  if (node.op != Op::kOr) return all;
  for (const Node& child : node.children) {
    if (child.op != Op::kPhrase) return {};
    all.push_back(&child.phrase);
  }
  return all;
}

bool CoversAll(const std::vector<const Phrase*>& broad, const std::vector<const Phrase*>& narrow) {
  return !narrow.empty() && std::all_of(narrow.begin(), narrow.end(), [&](const Phrase* n) {
    return std::any_of(broad.begin(), broad.end(), [&](const Phrase* b) { return Covers(*b, *n); });
  });
}

class QueryLinter {
 public:
  explicit QueryLinter(std::string_view query) : query_(query) {}

  // A proximity's operands qualify each other: a short word beside another is no risk.
  void Look(const Node& node, bool is_qualified) {
    if (node.op == Op::kPhrase) LookAtPhrase(node, is_qualified);
    if (node.op == Op::kOr) LookAtOr(node);
    if (node.op == Op::kAnd) LookAtAnd(node);
    const bool qualifies = node.op == Op::kNear || node.op == Op::kNotNear;
    for (const Node& child : node.children) Look(child, is_qualified || qualifies);
  }

  std::vector<QueryFinding> Take() { return std::move(findings_); }

 private:
  std::string TextOf(const Node& node) const {
    std::string text(query_.substr(node.begin, node.end - node.begin));
    std::replace(text.begin(), text.end(), '\n', ' ');
    if (text.size() <= kTextBytesMax) return text;
    size_t end = kTextBytesMax;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "…";
  }

  void Find(const Node& at, std::string what, std::string mend) {
    // A hyphenated word has several forms in one place.
    if (!findings_.empty() && findings_.back().at == at.begin && findings_.back().what == what)
      return;
    findings_.push_back({.at = at.begin, .what = std::move(what), .mend = std::move(mend)});
  }

  void LookAtPhrase(const Node& node, bool is_qualified) {
    const Phrase& phrase = node.phrase;
    for (const std::string& token : phrase.tokens) {
      const bool leads = token.front() == '*' && LetterCount(token) < kLeadingLettersMin;
      if (!leads) continue;
      Find(node, fmt::format("`{}` finds every word that ends in or holds so few letters", token),
           fmt::format("write at least {} letters behind a leading *", kLeadingLettersMin));
    }
    if (is_qualified || phrase.tokens.size() > 1 || !phrase.written.empty()) return;
    const std::string& token = phrase.tokens[0];
    if (LetterCount(token) >= kLettersMin || !IsBelow(token, kShortScripts)) return;
    Find(node, fmt::format("`{}` has fewer than {} letters", TextOf(node), kLettersMin),
         IsBelow(token, kCaselessScripts)
             ? "put it in braces to keep its case, as in {US}, or write a longer name"
             : "write a longer word, or a phrase");
  }

  void LookAtOr(const Node& node) {
    std::map<std::string, const Node*> keys;
    std::vector<const Node*> distinct;
    for (const Node& child : node.children) {
      const auto [first, is_new] = keys.try_emplace(Key(child), &child);
      if (is_new) {
        distinct.push_back(&child);
      } else if (child.begin != first->second->begin) {
        Find(child, fmt::format("`{}` stands twice in one OR", TextOf(child)),
             "remove one of them");
      }
    }
    LookForCovered(distinct);
    LookForAbsorbed(distinct, keys, Op::kAnd);
  }

  void LookForCovered(const std::vector<const Node*>& operands) {
    std::vector<std::pair<const Node*, std::vector<const Phrase*>>> broad;
    for (const Node* operand : operands) {
      std::vector<const Phrase*> phrases = Alternatives(*operand);
      const bool is_broad = phrases.size() > 1 || (phrases.size() == 1 && HasWildcard(*phrases[0]));
      if (is_broad && broad.size() < kBroadMax) broad.emplace_back(operand, std::move(phrases));
    }
    for (const Node* operand : operands) {
      const std::vector<const Phrase*> narrow = Alternatives(*operand);
      for (const auto& [other, phrases] : broad) {
        if (other == operand || other->begin == operand->begin || !CoversAll(phrases, narrow))
          continue;
        Find(*operand,
             fmt::format("`{}` finds nothing that `{}` does not find", TextOf(*operand),
                         TextOf(*other)),
             "remove it, or the broader one");
        break;
      }
    }
  }

  static bool HasWildcard(const Phrase& phrase) {
    return std::any_of(phrase.tokens.begin(), phrase.tokens.end(), [](const std::string& token) {
      return std::any_of(token.begin(), token.end(), IsWildcard);
    });
  }

  // x OR (x AND y) is x, and so is x AND (x OR y).
  void LookForAbsorbed(const std::vector<const Node*>& operands,
                       const std::map<std::string, const Node*>& keys, Op inner) {
    for (const Node* operand : operands) {
      if (operand->op != inner || IsWord(*operand)) continue;
      for (const Node& part : operand->children) {
        const auto found = keys.find(Key(part));
        if (found == keys.end()) continue;
        Find(*operand,
             fmt::format("`{}` makes no difference beside `{}`", TextOf(*operand),
                         TextOf(*found->second)),
             "remove it");
        break;
      }
    }
  }

  void LookAtAnd(const Node& node) {
    std::map<std::string, const Node*> keys;
    std::vector<const Node*> distinct;
    for (const Node& child : node.children) {
      const auto [first, is_new] = keys.try_emplace(Key(child), &child);
      if (is_new) distinct.push_back(&child);
      if (!is_new)
        Find(child, fmt::format("`{}` stands twice in one AND", TextOf(child)),
             "remove one of them");
    }
    LookForAbsorbed(distinct, keys, Op::kOr);
    for (const Node* negated : distinct) {
      if (negated->op == Op::kNot) LookForContradiction(*negated, distinct);
    }
  }

  void LookForContradiction(const Node& negated, const std::vector<const Node*>& operands) {
    const Node& refused = negated.children[0];
    std::vector<const Phrase*> phrases;
    std::vector<std::string> keys = {Key(refused)};
    const bool is_or = refused.op == Op::kOr;
    for (const Node& part : is_or ? refused.children : negated.children) {
      keys.push_back(Key(part));
      const std::vector<const Phrase*> more = Alternatives(part);
      phrases.insert(phrases.end(), more.begin(), more.end());
    }
    for (const Node* operand : operands) {
      const bool is_same = std::find(keys.begin(), keys.end(), Key(*operand)) != keys.end();
      if (!is_same && !CoversAll(phrases, Alternatives(*operand))) continue;
      Find(negated, fmt::format("never true: `{}` is asked for and refused", TextOf(*operand)),
           "to suppress a wrong sense of a word, write `word NOT NEAR/3 (...)`");
    }
  }

  std::string_view query_;
  std::vector<QueryFinding> findings_;
};

}  // namespace

std::vector<QueryFinding> LintQuery(std::string_view query, const Node& root) {
  QueryLinter linter(query);
  linter.Look(root, false);
  return linter.Take();
}

}  // namespace tocsin::rules
