#include "daemon/test_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "daemon/demo_view.h"
#include "daemon/excerpt.h"
#include "daemon/explanation_view.h"
#include "daemon/shipped.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"

namespace tocsin {
namespace {

rules::Document ToDocument(const rules::Rule& rule, const rules::Example& example) {
  rules::Document document{.title = example.title, .lead = example.lead, .body = example.body};
  if (rule.languages.size() == 1) document.language = rule.languages[0];
  return document;
}

std::string OneLineOf(const rules::Example& example) {
  std::vector<std::string> texts;
  for (const std::string* text : {&example.title, &example.lead, &example.body}) {
    if (!text->empty()) texts.push_back(OnOneLine(*text));
  }
  return fmt::format("{}", fmt::join(texts, " | "));
}

class Tester {
 public:
  Tester(rules::Scanner scanner, const Marks& marks, std::FILE* out)
      : scanner_(std::move(scanner)), marks_(marks), out_(out) {}

  absl::Status Test(uint32_t index) {
    const rules::Rule& rule = scanner_.rule_set().rules()[index];
    for (const rules::Example& example : rule.examples) {
      ASSIGN_OR_RETURN(const bool matches, Matches(index, example));
      ++tested_;
      if (!matches) RETURN_IF_ERROR(ShowMiss(index, example));
    }
    for (const rules::Example& example : rule.counterexamples) {
      ASSIGN_OR_RETURN(const bool matches, Matches(index, example));
      ++tested_;
      if (matches) RETURN_IF_ERROR(ShowWrongMatch(index, example));
    }
    for (const rules::Example& example : rule.known_misses) {
      ASSIGN_OR_RETURN(const bool matches, Matches(index, example));
      ++known_misses_;
      if (!matches) continue;
      ++passing_misses_;
      Print(rule, example, "a known miss matches now: move it to `examples:`");
    }
    return absl::OkStatus();
  }

  absl::Status Summary() const {
    fmt::print(out_,
               "{} rules: {} of {} examples and counterexamples pass; {} known misses, {} of them "
               "match now\n",
               scanner_.rule_set().rules().size(), tested_ - failed_, tested_, known_misses_,
               passing_misses_);
    if (failed_ == 0) return absl::OkStatus();
    return absl::DataLossError(fmt::format("{} of {} examples fail", failed_, tested_));
  }

 private:
  absl::StatusOr<bool> Matches(uint32_t index, const rules::Example& example) {
    const rules::Rule& rule = scanner_.rule_set().rules()[index];
    RETURN_IF_ERROR(scanner_.Scan(ToDocument(rule, example), &matches_));
    return std::any_of(matches_.rules.begin(), matches_.rules.end(),
                       [index](const rules::Match& match) { return match.rule == index; });
  }

  void Print(const rules::Rule& rule, const rules::Example& example, std::string_view what) const {
    fmt::print(out_, "{}:{}: {}: {}\n    {}\n", rule.file, example.line, rule.id, what,
               OneLineOf(example));
  }

  absl::Status ShowMiss(uint32_t index, const rules::Example& example) {
    const rules::Rule& rule = scanner_.rule_set().rules()[index];
    const rules::Document document = ToDocument(rule, example);
    ++failed_;
    Print(rule, example, "an example does not match");
    ASSIGN_OR_RETURN(const rules::Explanation why, scanner_.Explain(document, index));
    fmt::print(out_, "{}", ShowFailing(why, document, marks_));
    return absl::OkStatus();
  }

  absl::Status ShowWrongMatch(uint32_t index, const rules::Example& example) {
    const rules::Rule& rule = scanner_.rule_set().rules()[index];
    const rules::Document document = ToDocument(rule, example);
    ++failed_;
    Print(rule, example, "a counterexample matches");
    for (const rules::Match& match : matches_.rules) {
      if (match.rule != index) continue;
      for (const rules::Span& span : matches_.Evidence(match)) {
        fmt::print(out_, "    {}\n", Excerpt(document, span, marks_));
      }
    }
    ASSIGN_OR_RETURN(const rules::Explanation why, scanner_.Explain(document, index));
    fmt::print(out_, "{}", ShowSilentRefusals(why));
    return absl::OkStatus();
  }

  rules::Scanner scanner_;
  const Marks& marks_;
  std::FILE* out_;
  rules::Matches matches_;
  size_t tested_ = 0;
  size_t failed_ = 0;
  size_t known_misses_ = 0;
  size_t passing_misses_ = 0;
};

}  // namespace

absl::Status TestRules(const TestOptions& options, std::FILE* out) {
  ASSIGN_OR_RETURN(const auto rule_set, LoadRulesAsInput(options.rules));
  ASSIGN_OR_RETURN(rules::Scanner scanner, rules::Scanner::Create(rule_set));
  const Marks marks = MarksFor(out);
  Tester tester(std::move(scanner), marks, out);
  for (uint32_t rule = 0; rule < rule_set->rules().size(); ++rule)
    RETURN_IF_ERROR(tester.Test(rule));
  return tester.Summary();
}

}  // namespace tocsin
