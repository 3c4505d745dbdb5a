#include "daemon/rule_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "daemon/command_options.h"
#include "daemon/diff.h"
#include "daemon/eval.h"
#include "daemon/explain.h"
#include "daemon/test_rules.h"

namespace tocsin {
namespace {

// The options live as long as the commands that hold them.
template <typename Options>
std::shared_ptr<Options> SetCommand(CLI::App* sub, std::function<absl::Status()>* command,
                                    absl::Status (*run)(const Options&, std::FILE*)) {
  auto options = std::make_shared<Options>();
  sub->callback([=] { *command = [=] { return run(*options, stdout); }; });
  return options;
}

CLI::Option* AddPaths(CLI::App* sub, const char* name, std::vector<std::string>* paths,
                      const char* what) {
  return sub->add_option(name, *paths, what)->allow_extra_args(false);
}

constexpr char kRules[] = "Rule file or directory; may be repeated";

void AddConfig(CLI::App* sub, std::string* path, const std::string& what) {
  sub->add_option("--config", *path, "Configuration file: " + what)->check(CLI::ExistingFile);
}

void AddRules(CLI::App* sub, RuleOptions* options) {
  AddPaths(sub, "--rules", &options->rules, kRules);
  AddConfig(sub, &options->config_path, "its rules and ignore_lines");
}

void AddTest(CLI::App* app, std::function<absl::Status()>* command) {
  CLI::App* const sub = app->add_subcommand("test", "Run the rules' own examples");
  const auto options = SetCommand(sub, command, &TestRules);
  AddPaths(sub, "--rules", &options->rules, kRules);
}

void AddEval(CLI::App* app, std::function<absl::Status()>* command) {
  CLI::App* const sub =
      app->add_subcommand("eval", "Measure rules by labelled texts: precision, recall, F1");
  const auto options = SetCommand(sub, command, &Eval);
  AddRules(sub, &options->rules);
  sub->add_flag("--json", options->json, "The figures as JSON");
  sub->add_flag("--all", options->all, "Borderline rows too");
  AddFile(sub, &options->path, fmt::format("Labelled texts, one a line: {}", kLabelledForm))
      ->required();
}

void AddExplain(CLI::App* app, std::function<absl::Status()>* command) {
  CLI::App* const sub = app->add_subcommand(
      "explain", "Say why articles match a rule, or do not; and how a mapping reads them");
  const auto options = SetCommand(sub, command, &Explain);
  AddRules(sub, &options->rules);
  sub->add_option("--rule", options->rule, "Rule id");
  sub->add_option("--mapping", options->mapping,
                  "Show what each selector finds, of a preset or a mapping file");
  AddInputFormat(sub, &options->file.format);
  AddFile(sub, &options->file.path, "Articles")->capture_default_str();
}

void AddDiff(CLI::App* app, std::function<absl::Status()>* command) {
  CLI::App* const sub = app->add_subcommand("diff", "Say what a change of rules gains and loses");
  const auto options = SetCommand(sub, command, &Diff);
  AddPaths(sub, "--old", &options->old_rules, "Rule file or directory before; may be repeated")
      ->required();
  AddPaths(sub, "--new", &options->new_rules, "Rule file or directory after; may be repeated")
      ->required();
  AddConfig(sub, &options->config_path, "its ignore_lines");
  sub->add_flag("--json", options->json, "As JSON");
  AddFile(sub, &options->path, "Articles, one a line")->required();
}

}  // namespace

void AddRuleCommands(CLI::App* app, std::function<absl::Status()>* command) {
  AddTest(app, command);
  AddEval(app, command);
  AddExplain(app, command);
  AddDiff(app, command);
}

}  // namespace tocsin
