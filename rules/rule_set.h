// All rules compiled together: immutable, shared by every worker.
//
//   ASSIGN_OR_RETURN(auto rule_set, RuleSet::Load({"/usr/share/tocsin/rules"}));
//   spdlog::info("rule set {}, {} rules", rule_set->version(), rule_set->rules().size());
//
// Shape     rules() ascend by (topic name, rule id); topics() ascend by name.
// Cost      Load reads files and compiles: tens of milliseconds for the catalog. Never on the hot
//           path.
// Errors    InvalidArgument: every error of every file, one a line, each `file:line:column: what;
//           how to mend it`. NotFound: a path that does not exist. FailedPrecondition: the
//           Hyperscan installed misses matches.
// Threads   share freely.
// Lifetime  a Scanner keeps its RuleSet alive across reloads.
#ifndef TOCSIN_RULES_RULE_SET_H_
#define TOCSIN_RULES_RULE_SET_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::rules {

struct Program;  // atoms, databases and evaluation plan; private to rules/

struct Topic {
  std::string name;                                        // "sanctions"
  std::string title;                                       // "Economic sanctions"
  std::vector<std::pair<std::string, std::string>> codes;  // {"iptc", "medtop:20000642"}, by key
};

enum class RuleStatus : uint8_t { kStable, kExperimental };

struct Example {
  std::string title;
  std::string lead;
  std::string body;
  int line = 1;  // in the rule file
};

struct Rule {
  std::string id;
  uint32_t topic;  // index into RuleSet::topics()
  RuleStatus status;
  std::string query;  // as written; empty where phrases are listed in a file
  std::vector<std::string> languages;
  std::vector<Example> examples;
  std::vector<Example> counterexamples;
  std::vector<Example> known_misses;
  std::string file;
  int line;  // of the rule in its file
};

class RuleSet {
 public:
  // Each path is a rule file or a directory whose *.yaml are rule files.
  static absl::StatusOr<std::shared_ptr<const RuleSet>> Load(const std::vector<std::string>& paths);

  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;
  ~RuleSet();

  const std::vector<Topic>& topics() const { return topics_; }
  const std::vector<Rule>& rules() const { return rules_; }

  // 16 hex digits over the canonical content; independent of file order and comments.
  const std::string& version() const { return version_; }

  const Program& program() const { return *program_; }

 private:
  RuleSet();

  std::vector<Topic> topics_;
  std::vector<Rule> rules_;
  std::string version_;
  std::unique_ptr<const Program> program_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_RULE_SET_H_
