#include "rules/compile/program_builder.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "rules/base/status_macros.h"
#include "rules/compile/expr_plans.h"
#include "rules/compile/keyless.h"
#include "rules/compile/phrase_glance.h"
#include "rules/compile/triggers.h"
#include "rules/compile/word_index.h"
#include "rules/query/words.h"

namespace tocsin::rules {
namespace {

// So that no rule file, however it is nested, takes the process down or stops a reload: measured on
// one core, 290,000 phrases compile in 20 s with 1 GB, and ten million operators in 20 s.
constexpr size_t kNodesMax = 4'000'000;
constexpr size_t kPhrasesMax = 100'000;
constexpr size_t kQueryNodesMax = 50'000;
constexpr size_t kNamesDeepMax = 32;
constexpr size_t kRegexBytesMax = 2048;
constexpr size_t kRegexesMax = 1000;
// Of CPU time, so that what loads does not hang on what else runs. Together costly regexes take
// several times what they take one by one (150 of them 27 s, not 9): each keeps to itself.
constexpr std::chrono::seconds kRegexTimeMax(5);
constexpr std::chrono::milliseconds kCostlyFrom(10);

std::chrono::nanoseconds CpuTime() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::string PhraseKey(const Phrase& phrase) {
  return fmt::format("{}|{}|{}", static_cast<int>(phrase.gap_max), fmt::join(phrase.tokens, " "),
                     fmt::join(phrase.written, " "));
}

std::string ExprKey(const Expr& expr) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", static_cast<int>(expr.op), expr.atom,
                     static_cast<int>(expr.scope), expr.reach.ordered, expr.reach.tokens_max,
                     static_cast<int>(expr.reach.gap_max), expr.count_min,
                     fmt::join(expr.children, ","));
}

QueryError TooMany(const Node& node, size_t max, std::string_view of_what) {
  return {.at = node.begin,
          .what = fmt::format("with this one all rules together hold more than {} words and {}",
                              max, of_what),
          .mend =
              "remove some (in a query a wildcard takes the place of many word forms), or run "
              "a second daemon with the rest"};
}

}  // namespace

ProgramBuilder::ProgramBuilder() : program_(std::make_unique<Program>()) {}
ProgramBuilder::~ProgramBuilder() = default;

std::optional<uint32_t> ProgramBuilder::AddQuery(const Node& root, Resolve resolve,
                                                 QueryError* error) {
  const std::optional<uint32_t> expr = Add(root, Scope::kAnywhere, resolve, error);
  if (!expr) return std::nullopt;
  if (HoldsWhenEmpty(*expr)) {
    *error = {.at = root.begin,
              .what = "the query holds for every article without certain words, even an empty one",
              .mend = "add a word that must occur: a AND NOT b"};
    return std::nullopt;
  }
  return expr;
}

std::optional<uint32_t> ProgramBuilder::Add(const Node& node, Scope scope, Resolve resolve,
                                            QueryError* error) {
  if (++nodes_added_ > kNodesMax) {
    *error = TooMany(node, kNodesMax, "operators");
    return std::nullopt;
  }
  switch (node.op) {
    case Op::kPhrase:
      return AddPhrase(node, scope, error);
    case Op::kRegex:
      return AddRegex(node, scope, error);
    case Op::kName:
      return AddName(node, scope, resolve, error);
    case Op::kScope:
      if (scope != Scope::kAnywhere && scope != node.scope) {
        *error = {
            .at = node.begin, .what = "a field inside another field", .mend = "keep one of them"};
        return std::nullopt;
      }
      return Add(node.children[0], node.scope, resolve, error);
    default:
      break;
  }
  Expr expr{.op = node.op, .reach = node.reach, .count_min = node.count_min};
  size_t size = 1;
  for (const Node& child : node.children) {
    const std::optional<uint32_t> id = Add(child, scope, resolve, error);
    if (!id) return std::nullopt;
    size += sizes_[*id];
    if (size > kQueryNodesMax) {
      *error = {
          .at = node.begin,
          .what = fmt::format("a query of more than {} words and operators, its names written out",
                              kQueryNodesMax),
          .mend = "split the rule, or use each name once"};
      return std::nullopt;
    }
    const bool needs_spans =
        node.op == Op::kNear || node.op == Op::kNotNear || node.op == Op::kAtLeast;
    const bool counts_regex = node.op == Op::kAtLeast && program_->exprs[*id].op == Op::kRegex;
    if (needs_spans && !counts_regex && !HasSpans(*id, child, error)) return std::nullopt;
    expr.children.push_back(*id);
  }
  return Intern(std::move(expr));
}

std::optional<uint32_t> ProgramBuilder::AddName(const Node& node, Scope scope, Resolve resolve,
                                                QueryError* error) {
  if (std::find(resolving_.begin(), resolving_.end(), node.text) != resolving_.end()) {
    *error = {.at = node.begin,
              .what = fmt::format("${} is defined by itself: {}", node.text,
                                  fmt::join(resolving_, " → ")),
              .mend = "write out one of them"};
    return std::nullopt;
  }
  if (resolving_.size() >= kNamesDeepMax) {
    *error = {.at = node.begin,
              .what = fmt::format("${} stands {} names deep", node.text, kNamesDeepMax),
              .mend = "write some of them out"};
    return std::nullopt;
  }
  const Node* definition = resolve(node.text);
  if (definition == nullptr) {
    *error = {.at = node.begin,
              .what = fmt::format("${} is not defined", node.text),
              .mend = "define it under `queries:` in this file or in common.yaml"};
    return std::nullopt;
  }
  resolving_.push_back(node.text);
  const std::optional<uint32_t> expr = Add(*definition, scope, resolve, error);
  resolving_.pop_back();
  if (!expr) {
    error->at = node.begin;  // positions in the definition are of another text
    return std::nullopt;
  }
  program_->names.try_emplace(*expr, node.text);
  return expr;
}

std::optional<uint32_t> ProgramBuilder::AddRegex(const Node& node, Scope scope, QueryError* error) {
  auto found = regex_ids_.find(node.text);
  if (found == regex_ids_.end()) {
    std::optional<RegexAtom> atom = CompileRegex(node, error);
    if (!atom) return std::nullopt;
    found = regex_ids_.emplace(node.text, static_cast<uint32_t>(program_->regexes.size())).first;
    program_->regexes.push_back(*std::move(atom));
  }
  return Intern({.op = Op::kRegex, .atom = found->second, .scope = scope});
}

std::optional<RegexAtom> ProgramBuilder::CompileRegex(const Node& node, QueryError* error) {
  if (regex_time_ > kRegexTimeMax) {
    *error = {.at = node.begin,
              .what = fmt::format("the regexes before this one took more than {} to compile",
                                  kRegexTimeMax),
              .mend = "remove nested and long repeats, or write words, phrases and wildcards"};
    return std::nullopt;
  }
  if (node.text.size() > kRegexBytesMax || program_->regexes.size() >= kRegexesMax) {
    *error = {.at = node.begin,
              .what = fmt::format("a regex of {} bytes, the {}th; at most {} of {} bytes are taken",
                                  node.text.size(), program_->regexes.size() + 1, kRegexesMax,
                                  kRegexBytesMax),
              .mend = "write words, phrases and wildcards: they cost next to nothing"};
    return std::nullopt;
  }
  absl::StatusOr<Regex> regex = Regex::Compile(node.text);
  if (!regex.ok()) {
    *error = {.at = node.begin,
              .what = std::string(regex.status().message()),
              .mend = "the syntax is that of PCRE2: `man pcre2pattern`"};
    return std::nullopt;
  }
  RegexAtom atom{.pattern = node.text, .regex = *std::move(regex), .prefilter = Loosen(node.text)};
  const std::chrono::nanoseconds begin = CpuTime();
  absl::StatusOr<HsDatabase> database = CompilePrefilters({atom.prefilter.pattern});
  const std::chrono::nanoseconds took = CpuTime() - begin;
  if (!database.ok()) {
    *error = {.at = node.begin,
              .what = fmt::format("no fast filter for this regex: {}",
                                  std::string(database.status().message())),
              .mend = "write out at least one character that it must match"};
    return std::nullopt;
  }
  regex_time_ += took;
  costly_.push_back(took >= kCostlyFrom ? *std::move(database) : nullptr);
  return atom;
}

std::optional<uint32_t> ProgramBuilder::AddPhrase(const Node& node, Scope scope,
                                                  QueryError* error) {
  const std::string key = PhraseKey(node.phrase);
  auto found = phrase_ids_.find(key);
  if (found == phrase_ids_.end()) {
    if (program_->phrases.size() >= kPhrasesMax) {
      *error = TooMany(node, kPhrasesMax, "phrases");
      return std::nullopt;
    }
    found = phrase_ids_.emplace(key, static_cast<uint32_t>(program_->phrases.size())).first;
    PhraseAtom atom{.phrase = node.phrase};
    for (const std::string& token : node.phrase.tokens) {
      atom.has_wildcard |= std::any_of(token.begin(), token.end(), IsWildcard);
    }
    program_->phrases.push_back(std::move(atom));
  }
  return Intern({.op = Op::kPhrase, .atom = found->second, .scope = scope});
}

uint32_t ProgramBuilder::Intern(Expr expr) {
  const auto [found, is_new] =
      expr_ids_.try_emplace(ExprKey(expr), static_cast<uint32_t>(program_->exprs.size()));
  if (!is_new) return found->second;
  size_t size = 1;
  for (const uint32_t child : expr.children) size += sizes_[child];
  sizes_.push_back(static_cast<uint32_t>(size));
  program_->exprs.push_back(std::move(expr));
  return found->second;
}

// The parser has checked what is written out; this finds what a name brought in.
bool ProgramBuilder::HasSpans(uint32_t id, const Node& node, QueryError* error) const {
  const Expr& expr = program_->exprs[id];
  if (expr.op == Op::kOr) {
    return std::all_of(expr.children.begin(), expr.children.end(),
                       [&](uint32_t child) { return HasSpans(child, node, error); });
  }
  const std::string_view why = WhyNotSpans(expr.op);
  if (why.empty()) return true;
  *error = {.at = node.begin,
            .what = fmt::format("{} (by a name) inside a proximity or ATLEAST", why),
            .mend = "name only words, phrases and proximities joined by OR there"};
  return false;
}

bool ProgramBuilder::HoldsWhenEmpty(uint32_t id) const {
  const Expr& expr = program_->exprs[id];
  const auto holds = [this](uint32_t child) { return HoldsWhenEmpty(child); };
  switch (expr.op) {
    case Op::kOr:
      return std::any_of(expr.children.begin(), expr.children.end(), holds);
    case Op::kAnd:
      return std::all_of(expr.children.begin(), expr.children.end(), holds);
    case Op::kNot:
      return !holds(expr.children[0]);
    default:
      return false;
  }
}

uint32_t ProgramBuilder::AnyOf(const std::vector<uint32_t>& exprs) {
  std::map<std::string, uint32_t> in_order;
  for (const uint32_t expr : exprs) in_order.emplace(Canonical(expr), expr);
  if (in_order.size() == 1) return exprs[0];
  Expr any{.op = Op::kOr};
  for (const auto& [canonical, expr] : in_order) any.children.push_back(expr);
  return Intern(std::move(any));
}

void ProgramBuilder::AddRule(uint32_t expr, std::vector<std::string> languages) {
  program_->plans.push_back({.expr = expr, .languages = std::move(languages)});
}

std::string ProgramBuilder::Canonical(uint32_t id) const {
  const Expr& expr = program_->exprs[id];
  const std::string head =
      fmt::format("{}/{}", static_cast<int>(expr.op), static_cast<int>(expr.scope));
  if (expr.op == Op::kPhrase)
    return fmt::format("({} {})", head, PhraseKey(program_->phrases[expr.atom].phrase));
  if (expr.op == Op::kRegex)
    return fmt::format("({} {})", head, program_->regexes[expr.atom].pattern);
  std::vector<std::string> children;
  children.reserve(expr.children.size());
  for (const uint32_t child : expr.children) children.push_back(Canonical(child));
  return fmt::format("({}|{}|{}|{}|{} {})", head, expr.reach.ordered, expr.reach.tokens_max,
                     static_cast<int>(expr.reach.gap_max), expr.count_min,
                     fmt::join(children, " "));
}

PhraseUse ProgramBuilder::UseOf(uint32_t phrase, const WordKey& key) const {
  const Phrase& used = program_->phrases[phrase].phrase;
  return {.phrase = phrase, .is_sure = IsWhole(key, used), .glance = GlanceOf(used, key.token)};
}

void ProgramBuilder::FindKeys() {
  TokenUses uses;
  for (const PhraseAtom& atom : program_->phrases) {
    for (const std::string& token : atom.phrase.tokens) ++uses[token];
  }
  for (uint32_t i = 0; i < program_->phrases.size(); ++i) {
    PhraseAtom& atom = program_->phrases[i];
    std::optional<WordKey> key = KeyOf(atom.phrase, uses);
    if (key) program_->words.Add(*key, UseOf(i, *key));
    atom.has_key = key.has_value();
    atom.key_token = key ? key->token : AnchorOf(atom.phrase).token;
    keys_.push_back(std::move(key));
  }
}

void ProgramBuilder::IndexTriggers() {
  for (uint32_t i = 0; i < program_->phrases.size(); ++i) {
    const std::optional<WordKey>& key = keys_[i];
    if (!key || !program_->phrases[i].is_trigger) continue;
    program_->trigger_words.Add(*key, UseOf(i, *key));
  }
  program_->trigger_words.Build();
  program_->words.Build();
}

absl::Status ProgramBuilder::CompileRegexes() {
  std::vector<std::string> patterns;
  RegexDatabase cheap;
  for (uint32_t i = 0; i < program_->regexes.size(); ++i) {
    const RegexAtom& atom = program_->regexes[i];
    if (!atom.is_trigger) continue;
    if (costly_[i] != nullptr) {
      program_->regex_triggers.push_back({.database = std::move(costly_[i]), .atoms = {i}});
    } else {
      patterns.push_back(atom.prefilter.pattern);
      cheap.atoms.push_back(i);
    }
  }
  if (patterns.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(cheap.database, CompilePrefilters(patterns));
  program_->regex_triggers.push_back(std::move(cheap));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<const Program>> ProgramBuilder::Build() && {
  FindKeys();
  MeasureExprs(program_.get());
  ChooseTriggers(keys_, program_.get());
  PlanExprs(program_.get());
  IndexTriggers();
  ASSIGN_OR_RETURN(program_->keyless, CompileKeyless(*program_));
  RETURN_IF_ERROR(CompileRegexes());
  return std::unique_ptr<const Program>(std::move(program_));
}

}  // namespace tocsin::rules
