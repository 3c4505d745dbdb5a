#include "rules/scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/base/language.h"
#include "rules/base/status_macros.h"
#include "rules/compile/program.h"
#include "rules/match/evaluator.h"
#include "rules/match/explain.h"
#include "rules/match/phrase_finder.h"
#include "rules/match/trigger_search.h"
#include "rules/text/fold.h"

namespace tocsin::rules {
namespace {

constexpr std::array<Field, kFieldCount> kFields = {Field::kTitle, Field::kLead, Field::kBody};
constexpr size_t kEvidenceMax = 32;

}  // namespace

struct Scanner::State {
  State(std::shared_ptr<const RuleSet> set, std::shared_ptr<const IgnoredLines> lines)
      : rule_set(std::move(set)),
        ignored(std::move(lines)),
        program(rule_set->program()),
        triggers(program),
        finder(program),
        evaluator(program, &finder),
        regex_may_match(program.regexes.size()) {}

  absl::Status GrowScratches() {
    RETURN_IF_ERROR(GrowScratch(program.keyless.database.get(), &scratch));
    for (const RegexDatabase& regexes : program.regex_triggers) {
      RETURN_IF_ERROR(GrowScratch(regexes.database.get(), &scratch));
    }
    return absl::OkStatus();
  }

  absl::Status Scan(const Document& document, Matches* matches);
  absl::Status FindTriggers(const Document& document);
  void ReadTokens(const Document& document);
  void TakeTokensApart();
  absl::Status FindRegexTriggers(const Document& document);
  absl::Status FindRegexTriggers(const Document& document, const RegexDatabase& regexes);
  absl::StatusOr<Document> WithoutIgnoredLines(const Document& document);
  void ResetEvaluator(const Document& document);
  absl::Status Evaluate(const Document& document, Matches* matches);
  void AddMatch(uint32_t rule, Matches* matches);

  std::shared_ptr<const RuleSet> rule_set;
  std::shared_ptr<const IgnoredLines> ignored;
  const Program& program;
  HsScratch scratch;
  Folder folder;
  std::array<size_t, kFieldCount> field_ends{};
  bool is_taken_apart = false;
  ArticleTokens article;  // if it is
  TriggerSearch triggers;
  PhraseFinder finder;
  Evaluator evaluator;
  std::vector<uint8_t> regex_may_match;
  std::vector<Span> evidence;
  RegexMatcher line_matcher;
  std::array<std::string, kFieldCount> blanked_fields;
};

absl::Status Scanner::State::FindTriggers(const Document& document) {
  const size_t bytes = document.title.size() + document.lead.size() + document.body.size();
  if (bytes > kTextBytesMax) {
    return absl::InvalidArgumentError(
        fmt::format("a text of {} bytes; at most {} are scanned", bytes, kTextBytesMax));
  }
  ReadTokens(document);
  triggers.Find(folder.stream());
  if (triggers.HasKeyless()) {
    TakeTokensApart();
    RETURN_IF_ERROR(triggers.FindKeyless(article, scratch.get()));
  }
  return FindRegexTriggers(document);
}

void Scanner::State::ReadTokens(const Document& document) {
  // Only the fold can be searched for what is in the middle of words.
  const bool needs_fold = triggers.HasKeyless();
  folder.Clear();
  is_taken_apart = false;
  for (const Field field : kFields) {
    if (needs_fold) {
      folder.AppendWithTokens(document.Text(field), document.language);
    } else {
      folder.AppendTokens(document.Text(field), document.language);
    }
    field_ends[static_cast<int>(field)] = folder.stream().size();
  }
}

void Scanner::State::TakeTokensApart() {
  if (std::exchange(is_taken_apart, true)) return;
  article = ArticleTokens::Of(&folder, field_ends);
  finder.Reset(article);
}

absl::Status Scanner::State::Scan(const Document& document, Matches* matches) {
  RETURN_IF_ERROR(FindTriggers(document));
  // Without ignored lines what stands around them is nearer to each other: more may hold.
  const bool may_trigger =
      ignored != nullptr && (triggers.HasHits() || !program.regex_triggers.empty());
  if (triggers.rules().empty() && !may_trigger) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Document visible, WithoutIgnoredLines(document));
  if (triggers.rules().empty()) return absl::OkStatus();
  return Evaluate(visible, matches);
}

// No phrase comes to be by it: where a line was is the end of a paragraph.
absl::StatusOr<Document> Scanner::State::WithoutIgnoredLines(const Document& document) {
  Document visible = document;
  if (ignored == nullptr) return visible;
  bool is_blanked = false;
  for (const Field field : kFields) {
    std::string& blanked = blanked_fields[static_cast<int>(field)];
    ASSIGN_OR_RETURN(const bool changed,
                     ignored->Blank(document.Text(field), &line_matcher, &blanked));
    is_blanked = is_blanked || changed;
    if (!changed) continue;
    (field == Field::kTitle  ? visible.title
     : field == Field::kLead ? visible.lead
                             : visible.body) = blanked;
  }
  if (is_blanked) RETURN_IF_ERROR(FindTriggers(visible));
  return visible;
}

absl::Status Scanner::State::FindRegexTriggers(const Document& document) {
  // A regex that is no trigger is not prefiltered: it may match, and is run only if a rule comes to
  // it.
  for (size_t i = 0; i < program.regexes.size(); ++i) {
    regex_may_match[i] = !program.regexes[i].is_trigger;
  }
  for (const RegexDatabase& regexes : program.regex_triggers) {
    RETURN_IF_ERROR(FindRegexTriggers(document, regexes));
  }
  return absl::OkStatus();
}

absl::Status Scanner::State::FindRegexTriggers(const Document& document,
                                               const RegexDatabase& regexes) {
  for (const Field field : kFields) {
    const std::string_view text = document.Text(field);
    if (text.empty()) continue;
    RETURN_IF_ERROR(
        rules::Scan(regexes.database.get(), text, scratch.get(),
                    [&](unsigned id, size_t) { regex_may_match[regexes.atoms[id]] = 1; }));
  }
  for (const uint32_t regex : regexes.atoms) {
    if (!regex_may_match[regex]) continue;
    for (const uint32_t rule : program.regex_rules[regex]) triggers.AddRule(rule);
  }
  return absl::OkStatus();
}

void Scanner::State::ResetEvaluator(const Document& document) {
  TakeTokensApart();
  article.tokens = folder.tokens();
  triggers.TakeHits(article);
  evaluator.Reset({.document = &document,
                   .tokens = article,
                   .hits = triggers.hits(),
                   .keyless_hits = triggers.keyless_hits(),
                   .regex_may_match = regex_may_match});
}

absl::Status Scanner::State::Evaluate(const Document& document, Matches* matches) {
  ResetEvaluator(document);
  for (const uint32_t rule : triggers.rules()) {
    const RulePlan& plan = program.plans[rule];
    if (!IsFor(plan.languages, document.language)) continue;
    if (evaluator.Holds(plan.expr)) AddMatch(rule, matches);
    if (const absl::Status status = evaluator.status(); !status.ok()) {
      return absl::Status(status.code(), fmt::format("rule {}: {}", rule_set->rules()[rule].id,
                                                     std::string(status.message())));
    }
  }
  return absl::OkStatus();
}

void Scanner::State::AddMatch(uint32_t rule, Matches* matches) {
  evidence.clear();
  evaluator.CollectEvidence(program.plans[rule].expr, &evidence);
  std::sort(evidence.begin(), evidence.end());
  evidence.erase(std::unique(evidence.begin(), evidence.end()), evidence.end());
  const auto begin = static_cast<uint32_t>(matches->evidence.size());
  const auto kept = static_cast<ptrdiff_t>(std::min(evidence.size(), kEvidenceMax));
  matches->evidence.insert(matches->evidence.end(), evidence.begin(), evidence.begin() + kept);
  matches->rules.push_back({.rule = rule,
                            .hits = static_cast<uint32_t>(evidence.size()),
                            .evidence_begin = begin,
                            .evidence_end = static_cast<uint32_t>(matches->evidence.size())});
}

Scanner::Scanner(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scanner::Scanner(Scanner&&) noexcept = default;
Scanner& Scanner::operator=(Scanner&&) noexcept = default;
Scanner::~Scanner() = default;

absl::StatusOr<Scanner> Scanner::Create(std::shared_ptr<const RuleSet> rule_set,
                                        std::shared_ptr<const IgnoredLines> ignored) {
  auto state = std::make_unique<State>(std::move(rule_set), std::move(ignored));
  RETURN_IF_ERROR(state->GrowScratches());
  return Scanner(std::move(state));
}

absl::Status Scanner::Scan(const Document& document, Matches* matches) {
  matches->Clear();
  absl::Status status = state_->Scan(document, matches);
  if (!status.ok()) matches->Clear();
  return status;
}

absl::StatusOr<Explanation> Scanner::Explain(const Document& document, uint32_t rule) {
  RETURN_IF_ERROR(state_->FindTriggers(document));
  ASSIGN_OR_RETURN(const Document visible, state_->WithoutIgnoredLines(document));
  state_->ResetEvaluator(visible);
  const Program& program = state_->program;
  Explanation why = rules::Explain(program, program.plans[rule].expr, &state_->evaluator);
  RETURN_IF_ERROR(state_->evaluator.status());
  return why;
}

const RuleSet& Scanner::rule_set() const { return *state_->rule_set; }

}  // namespace tocsin::rules
