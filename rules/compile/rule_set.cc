#include "rules/rule_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "rules/base/digest.h"
#include "rules/base/language.h"
#include "rules/base/status_macros.h"
#include "rules/compile/phrases_file.h"
#include "rules/compile/program_builder.h"
#include "rules/compile/rule_file.h"
#include "rules/compile/rule_paths.h"
#include "rules/compile/self_test.h"
#include "rules/query/parser.h"

namespace tocsin::rules {
namespace {

// Counts up whenever the fold, the tokens or the gaps change: the same rules then find something
// else.
constexpr int kTextModelVersion = 2;
constexpr size_t kVersionDigits = 16;

using Definitions = std::map<std::string, Node, std::less<>>;

// Compiles files into a builder; complaints of all of them are kept.
class SetCompiler {
 public:
  void ReadCommon(const std::string& path) {
    std::optional<RuleFile> file = ReadRuleFile(path, &diagnostics_);
    if (file) Define(*file, &commons_[path]);
  }

  void ReadFile(const std::string& path) {
    std::optional<RuleFile> file = ReadRuleFile(path, &diagnostics_);
    if (file) files_.push_back(*std::move(file));
  }

  // Rules in the order of (topic, id), each with its compiled query.
  struct Compiled {
    Rule rule;
    uint32_t expr;
  };

  absl::Status Compile() {
    std::sort(files_.begin(), files_.end(), [](const RuleFile& a, const RuleFile& b) {
      return std::tie(a.topic.name, a.text.path) < std::tie(b.topic.name, b.text.path);
    });
    for (const RuleFile& file : files_) CompileFile(file);
    if (!diagnostics_.empty()) return diagnostics_.ToStatus();
    std::sort(compiled_.begin(), compiled_.end(), [](const Compiled& a, const Compiled& b) {
      return std::tie(a.rule.topic, a.rule.id) < std::tie(b.rule.topic, b.rule.id);
    });
    for (const Compiled& compiled : compiled_) {
      builder_.AddRule(compiled.expr, Primaries(compiled.rule.languages));
    }
    return absl::OkStatus();
  }

  std::string Version() const {
    std::string content = fmt::format("text model {}\n", kTextModelVersion);
    for (const Topic& topic : topics_) {
      content += fmt::format("topic {} {}", topic.name, topic.title);
      for (const auto& [key, value] : topic.codes) content += fmt::format(" {}={}", key, value);
      content += '\n';
    }
    for (const Compiled& compiled : compiled_) {
      const Rule& rule = compiled.rule;
      std::vector<std::string> languages = Primaries(rule.languages);
      std::sort(languages.begin(), languages.end());
      content +=
          fmt::format("rule {} {} {} {} {}\n", rule.topic, rule.id, static_cast<int>(rule.status),
                      fmt::join(languages, ","), builder_.Canonical(compiled.expr));
    }
    return HexDigest(content, kVersionDigits);
  }

  std::vector<Topic>& topics() { return topics_; }
  std::vector<Compiled>& compiled() { return compiled_; }
  ProgramBuilder& builder() { return builder_; }

 private:
  static std::vector<std::string> Primaries(std::vector<std::string> languages) {
    for (std::string& language : languages) language = PrimarySubtag(language);
    return languages;
  }

  void Complain(const RuleFile& file, const WrittenQuery& query, const QueryError& error) {
    Diagnostic diagnostic = AtQuery(file, query, error.at);
    diagnostic.what = fmt::format("{}: {}", query.name, error.what);
    diagnostic.mend = error.mend;
    diagnostics_.Add(std::move(diagnostic));
  }

  void Define(const RuleFile& file, Definitions* definitions) {
    for (const WrittenQuery& query : file.queries) {
      QueryError error;
      std::optional<Node> root = ParseQuery(query.text, &error);
      if (root) {
        definitions->insert_or_assign(query.name, *std::move(root));
      } else {
        Complain(file, query, error);
      }
    }
  }

  void CompileFile(const RuleFile& file) {
    const uint32_t topic = AddTopic(file);
    Definitions own;
    Define(file, &own);
    std::vector<const Definitions*> visible = {&own};
    for (const std::string& path :
         CommonPaths(std::filesystem::path(file.text.path).parent_path())) {
      if (const auto found = commons_.find(path); found != commons_.end()) {
        visible.push_back(&found->second);
      }
    }
    const auto resolve = [&](std::string_view name) -> const Node* {
      for (const Definitions* const each : visible) {
        if (const auto found = each->find(name); found != each->end()) return &found->second;
      }
      return nullptr;
    };
    for (const WrittenRule& rule : file.rules) CompileRule(file, rule, topic, resolve);
  }

  uint32_t AddTopic(const RuleFile& file) {
    if (topics_.empty() || topics_.back().name != file.topic.name) {
      topics_.push_back(file.topic);
    } else if (!(topics_.back().title == file.topic.title &&
                 topics_.back().codes == file.topic.codes)) {
      diagnostics_.Add(
          {.file = file.text.path,
           .what = fmt::format("topic `{}` has another title or other codes in another file",
                               file.topic.name),
           .mend = "write the same in both"});
    }
    return static_cast<uint32_t>(topics_.size() - 1);
  }

  void CompileRule(const RuleFile& file, const WrittenRule& written, uint32_t topic,
                   ProgramBuilder::Resolve resolve) {
    const auto [first, is_new] =
        seen_.try_emplace(written.query.name, fmt::format("{}:{}", file.text.path, written.line));
    if (!is_new) {
      Diagnostic diagnostic = AtPlace(file.text, written.line, written.column);
      diagnostic.what =
          fmt::format("rule `{}` is defined at {} too", written.query.name, first->second);
      diagnostic.mend = "rename one of them";
      return diagnostics_.Add(std::move(diagnostic));
    }
    const std::optional<uint32_t> expr =
        written.phrases_path.empty() ? AddQuery(file, written.query, resolve) : AddPhrases(written);
    if (!expr) return;
    compiled_.push_back({.rule = {.id = written.query.name,
                                  .topic = topic,
                                  .status = written.status,
                                  .query = written.phrases_path.empty() ? written.query.text : "",
                                  .languages = written.languages,
                                  .examples = written.examples,
                                  .counterexamples = written.counterexamples,
                                  .known_misses = written.known_misses,
                                  .file = file.text.path,
                                  .line = written.line},
                         .expr = *expr});
  }

  std::optional<uint32_t> AddQuery(const RuleFile& file, const WrittenQuery& query,
                                   ProgramBuilder::Resolve resolve) {
    QueryError error;
    const std::optional<Node> root = ParseQuery(query.text, &error);
    const std::optional<uint32_t> expr =
        root ? builder_.AddQuery(*root, resolve, &error) : std::nullopt;
    if (!expr) Complain(file, query, error);
    return expr;
  }

  // Complaints of names that cannot be read leave the rest.
  std::optional<uint32_t> AddPhrases(const WrittenRule& rule) {
    const auto resolve = [](std::string_view) -> const Node* { return nullptr; };
    std::vector<uint32_t> exprs;
    ReadPhrasesFile(rule.phrases_path, &diagnostics_,
                    [&](const TextFile& file, const ListedPhrase& name) {
                      for (const Phrase& form : name.forms) {
                        QueryError error;
                        const auto expr =
                            builder_.AddQuery({.op = Op::kPhrase, .phrase = form}, resolve, &error);
                        if (!expr) {
                          Diagnostic diagnostic = AtPlace(file, name.line, name.column);
                          diagnostic.what = fmt::format("{}: {}", rule.query.name, error.what);
                          diagnostic.mend = error.mend;
                          diagnostics_.Add(std::move(diagnostic));
                          return false;
                        }
                        exprs.push_back(*expr);
                      }
                      return true;
                    });
    if (exprs.empty()) return std::nullopt;
    return builder_.AnyOf(exprs);
  }

  Diagnostics diagnostics_;
  std::map<std::string, Definitions> commons_;  // by path
  std::vector<RuleFile> files_;
  std::vector<Topic> topics_;
  std::vector<Compiled> compiled_;
  std::map<std::string, std::string> seen_;  // rule id to where it is defined
  ProgramBuilder builder_;
};

}  // namespace

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;

absl::StatusOr<std::shared_ptr<const RuleSet>> RuleSet::Load(
    const std::vector<std::string>& given) {
  RETURN_IF_ERROR(CheckHyperscan());
  ASSIGN_OR_RETURN(const RulePaths paths, FindRuleFiles(given));
  SetCompiler compiler;
  for (const std::string& path : paths.commons) compiler.ReadCommon(path);
  for (const std::string& path : paths.files) compiler.ReadFile(path);
  RETURN_IF_ERROR(compiler.Compile());
  std::shared_ptr<RuleSet> rule_set(new RuleSet());
  rule_set->version_ = compiler.Version();
  ASSIGN_OR_RETURN(rule_set->program_, std::move(compiler.builder()).Build());
  rule_set->topics_ = std::move(compiler.topics());
  for (auto& compiled : compiler.compiled()) rule_set->rules_.push_back(std::move(compiled.rule));
  return std::shared_ptr<const RuleSet>(std::move(rule_set));
}

}  // namespace tocsin::rules
