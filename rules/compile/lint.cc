#include "rules/compile/lint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "rules/base/language.h"
#include "rules/base/status_macros.h"
#include "rules/compile/common_words.h"
#include "rules/compile/keyless.h"
#include "rules/compile/lint_query.h"
#include "rules/compile/phrases_file.h"
#include "rules/compile/program.h"
#include "rules/compile/rule_file.h"
#include "rules/compile/rule_paths.h"
#include "rules/query/parser.h"

namespace tocsin::rules {
namespace {

constexpr size_t kLettersMin = 3;
constexpr size_t kReasonsShown = 3;

bool IsLanguage(std::string_view tag) {
  static const auto* const kKnown = [] {
    auto* known = new std::set<std::string, std::less<>>();
    for (const char* const* code = uloc_getISOLanguages(); *code != nullptr; ++code)
      known->insert(*code);
    return known;
  }();
  return kKnown->contains(PrimarySubtag(tag));
}

bool Overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.empty() || b.empty() || std::any_of(a.begin(), a.end(), [&](const std::string& each) {
           return std::any_of(b.begin(), b.end(), [&](const std::string& other) {
             return PrimarySubtag(each) == PrimarySubtag(other);
           });
         });
}

void CollectNames(const Node& node, std::set<std::string>* names) {
  if (node.op == Op::kName) names->insert(node.text);
  for (const Node& child : node.children) CollectNames(child, names);
}

// Why a trigger occurs in nearly every article; empty if it does not.
std::string WhyCommon(const PhraseAtom& atom) {
  if (!atom.phrase.written.empty()) return "";  // {US}: what one writes to find less
  const std::string words = fmt::format("{}", fmt::join(atom.phrase.tokens, " "));
  if (std::all_of(atom.phrase.tokens.begin(), atom.phrase.tokens.end(),
                  [](const std::string& token) { return IsCommonWord(token); })) {
    return fmt::format("`{}` is among the commonest words", words);
  }
  if (atom.has_key) return "";
  const std::string literal = AnchorOf(atom.phrase).literal;
  const auto letters = std::count_if(literal.begin(), literal.end(), [](char c) {
    return c != ' ' && (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  const bool is_long =
      letters >= static_cast<int>(kLettersMin) || literal.size() >= 2 * kLettersMin;
  return is_long ? "" : fmt::format("of `{}` only `{}` is searched for", words, literal);
}

class Linter {
 public:
  explicit Linter(std::vector<Diagnostic>* findings) : findings_(*findings) {}

  void LintCommon(const RuleFile& file) {
    std::set<std::string> names;
    for (const WrittenQuery& query : file.queries) LintWritten(file, query, &names);
    names_in_all_.insert(names.begin(), names.end());
  }

  void LintFile(const RuleFile& file) {
    std::set<std::string> names;
    for (const WrittenQuery& query : file.queries) LintWritten(file, query, &names);
    for (const WrittenRule& rule : file.rules) {
      if (rule.phrases_path.empty()) {
        LintWritten(file, rule.query, &names);
      } else {
        LintPhrases(rule);
      }
      LintRule(file, rule);
      written_.try_emplace(rule.query.name, &file, &rule);
    }
    LintUnused(file, names);
    names_in_all_.insert(names.begin(), names.end());
  }

  void LintUnusedCommon(const RuleFile& file) { LintUnused(file, names_in_all_); }

  void LintCompiled(const RuleSet& rule_set) {
    const Program& program = rule_set.program();
    std::vector<std::vector<std::string>> reasons(rule_set.rules().size());
    for (size_t i = 0; i < program.phrases.size(); ++i) {
      const std::string why = program.phrases[i].is_trigger ? WhyCommon(program.phrases[i]) : "";
      if (why.empty()) continue;
      std::set<uint32_t> rules;
      for (const uint32_t trigger : program.phrase_triggers[i]) {
        rules.insert(program.triggers[trigger].rules.begin(),
                     program.triggers[trigger].rules.end());
      }
      for (const uint32_t rule : rules) reasons[rule].push_back(why);
    }
    for (size_t i = 0; i < program.regexes.size(); ++i) {
      if (program.regexes[i].prefilter.literal_length >= kLettersMin) continue;
      for (const uint32_t rule : program.regex_rules[i]) {
        reasons[rule].push_back(fmt::format("/{}/ must hold no {} letters in a row",
                                            program.regexes[i].pattern, kLettersMin));
      }
    }
    std::map<uint32_t, uint32_t> by_expr;
    for (uint32_t rule = 0; rule < rule_set.rules().size(); ++rule) {
      LintCost(rule_set.rules()[rule], reasons[rule]);
      const auto [first, is_new] = by_expr.try_emplace(program.plans[rule].expr, rule);
      if (!is_new) LintTwin(rule_set.rules()[rule], rule_set.rules()[first->second]);
    }
  }

 private:
  void Warn(Diagnostic at, std::string what, std::string mend) {
    at.what = std::move(what);
    at.mend = std::move(mend);
    at.is_warning = true;
    findings_.push_back(std::move(at));
  }

  // What does not parse is told by RuleSet::Load.
  void LintWritten(const RuleFile& file, const WrittenQuery& query, std::set<std::string>* names) {
    QueryError error;
    const std::optional<Node> root = ParseQuery(query.text, &error);
    if (!root) return;
    CollectNames(*root, names);
    for (QueryFinding& finding : LintQuery(query.text, *root)) {
      Warn(AtQuery(file, query, finding.at), fmt::format("{}: {}", query.name, finding.what),
           std::move(finding.mend));
    }
  }

  void LintPhrases(const WrittenRule& rule) {
    Diagnostics told_by_load;
    std::map<std::string, int> lines;  // by form: where it stands first
    ReadPhrasesFile(rule.phrases_path, &told_by_load,
                    [&](const TextFile& file, const ListedPhrase& name) {
                      LintName(file, rule.query.name, name, &lines);
                      return true;
                    });
  }

  void LintName(const TextFile& file, const std::string& rule, const ListedPhrase& name,
                std::map<std::string, int>* lines) {
    bool is_new = false;
    int first = 0;
    Node node{.op = Op::kOr, .end = name.text.size()};
    for (const Phrase& form : name.forms) {
      const auto [found, is_new_form] = lines->try_emplace(
          fmt::format("{}|{}", fmt::join(form.tokens, " "), fmt::join(form.written, " ")),
          name.line);
      is_new = is_new || is_new_form;
      first = found->second;
      node.children.push_back({.op = Op::kPhrase, .end = name.text.size(), .phrase = form});
    }
    if (!is_new) {
      Warn(AtPlace(file, name.line, name.column),
           fmt::format("{}: `{}` finds nothing that line {} does not find", rule, name.text, first),
           "remove it");
    }
    for (QueryFinding& finding : LintQuery(name.text, node)) {
      Warn(AtPlace(file, name.line, name.column), fmt::format("{}: {}", rule, finding.what),
           std::move(finding.mend));
    }
  }

  void LintRule(const RuleFile& file, const WrittenRule& rule) {
    const auto missing = [&](const char* key, const char* mend) {
      Diagnostic diagnostic = AtPlace(file.text, rule.line, rule.column);
      diagnostic.what = fmt::format("rule `{}` has no {}", rule.query.name, key);
      diagnostic.mend = mend;
      findings_.push_back(std::move(diagnostic));
    };
    if (!rule.has_examples) missing("examples", "add texts that it must match below `examples:`");
    if (!rule.has_counterexamples) {
      missing("counterexamples",
              "add texts with the same words in another sense below `counterexamples:`");
    }
    for (const std::string& language : rule.languages) {
      if (IsLanguage(language)) continue;
      Warn(AtPlace(file.text, rule.line, rule.column),
           fmt::format("rule `{}`: `{}` is no language", rule.query.name, language),
           "write a two-letter code of ISO 639, such as en, or a three-letter one where "
           "there is none");
    }
  }

  void LintUnused(const RuleFile& file, const std::set<std::string>& names) {
    for (const WrittenQuery& query : file.queries) {
      if (names.contains(query.name)) continue;
      Warn(AtQuery(file, query, 0), fmt::format("nothing names ${}", query.name), "remove it");
    }
  }

  Diagnostic AtRule(const Rule& rule) const {
    const auto found = written_.find(rule.id);
    if (found == written_.end()) return {.file = rule.file, .line = rule.line};
    return AtQuery(*found->second.first, found->second.second->query, 0);
  }

  void LintCost(const Rule& rule, std::vector<std::string> reasons) {
    if (reasons.empty()) return;
    const size_t more = reasons.size() - std::min(reasons.size(), kReasonsShown);
    reasons.resize(reasons.size() - more);
    Warn(AtRule(rule),
         fmt::format("rule `{}` is costly, looked at in nearly every article: {}{}", rule.id,
                     fmt::join(reasons, ", "), more == 0 ? "" : fmt::format(" and {} more", more)),
         "AND it with a rarer word, or write a longer one");
  }

  void LintTwin(const Rule& rule, const Rule& first) {
    if (!Overlap(rule.languages, first.languages)) return;
    Warn(AtRule(rule),
         fmt::format("rule `{}` has the query of `{}` ({}:{})", rule.id, first.id, first.file,
                     first.line),
         "keep one of them");
  }

  std::vector<Diagnostic>& findings_;
  std::set<std::string> names_in_all_;
  std::map<std::string, std::pair<const RuleFile*, const WrittenRule*>> written_;
};

std::vector<RuleFile> ReadAll(const std::set<std::string>& paths) {
  std::vector<RuleFile> files;
  Diagnostics told_by_load;
  for (const std::string& path : paths) {
    if (auto file = ReadRuleFile(path, &told_by_load)) files.push_back(*std::move(file));
  }
  return files;
}

// Otherwise one cannot tell what the rules beside a common.yaml use of it.
bool IsDirectoryGiven(const RuleFile& common, const std::vector<std::string>& given) {
  namespace fs = std::filesystem;
  const fs::path directory = fs::path(common.text.path).parent_path() / ".";
  return std::any_of(given.begin(), given.end(), [&](const std::string& path) {
    std::error_code error;
    return fs::equivalent(path, directory, error);
  });
}

}  // namespace

absl::StatusOr<LintReport> LintRules(const std::vector<std::string>& given) {
  ASSIGN_OR_RETURN(const RulePaths paths, FindRuleFiles(given));
  const std::vector<RuleFile> commons = ReadAll(paths.commons);
  const std::vector<RuleFile> files = ReadAll(paths.files);

  LintReport report;
  Linter linter(&report.findings);
  for (const RuleFile& file : commons) linter.LintCommon(file);
  for (const RuleFile& file : files) linter.LintFile(file);
  for (const RuleFile& file : commons) {
    if (IsDirectoryGiven(file, given)) linter.LintUnusedCommon(file);
  }
  auto rule_set = RuleSet::Load(given);
  report.loaded = rule_set.status();
  if (!rule_set.ok()) return report;
  report.rule_set = *std::move(rule_set);
  linter.LintCompiled(*report.rule_set);
  return report;
}

}  // namespace tocsin::rules
