// Puts the queries of all rules into one Program.
//
//   ProgramBuilder builder;
//   std::optional<uint32_t> expr = builder.AddQuery(root, resolve, &error);
//   builder.AddRule(*expr, {"en"});                  // in the order of RuleSet::rules()
//   ASSIGN_OR_RETURN(auto program, std::move(builder).Build());
//
// Cost      linear in the queries; AddQuery compiles a Hyperscan database for each regex, Build those
//           of all together.
// Errors    AddQuery: a QueryError (an unknown name, a bad regex, an operand without spans, a query
//           that holds for the empty article). Build: as of CompilePrefilters.
#ifndef TOCSIN_RULES_COMPILE_PROGRAM_BUILDER_H_
#define TOCSIN_RULES_COMPILE_PROGRAM_BUILDER_H_

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/program.h"
#include "rules/query/ast.h"
#include "rules/query/parser.h"

namespace tocsin::rules {

class ProgramBuilder {
 public:
  // The definition of a name, or null.
  using Resolve = absl::FunctionRef<const Node*(std::string_view name)>;

  ProgramBuilder();
  ~ProgramBuilder();

  std::optional<uint32_t> AddQuery(const Node& root, Resolve resolve, QueryError* error);
  // One that holds if any of these does, whose order counts for nothing.
  uint32_t AnyOf(const std::vector<uint32_t>& exprs);

  void AddRule(uint32_t expr, std::vector<std::string> languages);

  // The expression in a canonical form: equal for queries that differ in names and spacing only.
  std::string Canonical(uint32_t expr) const;

  absl::StatusOr<std::unique_ptr<const Program>> Build() &&;

 private:
  std::optional<uint32_t> Add(const Node& node, Scope scope, Resolve resolve, QueryError* error);
  std::optional<uint32_t> AddName(const Node& node, Scope scope, Resolve resolve,
                                  QueryError* error);
  std::optional<uint32_t> AddRegex(const Node& node, Scope scope, QueryError* error);
  std::optional<RegexAtom> CompileRegex(const Node& node, QueryError* error);
  std::optional<uint32_t> AddPhrase(const Node& node, Scope scope, QueryError* error);
  uint32_t Intern(Expr expr);
  bool HasSpans(uint32_t expr, const Node& node, QueryError* error) const;
  bool HoldsWhenEmpty(uint32_t expr) const;
  PhraseUse UseOf(uint32_t phrase, const WordKey& key) const;
  void FindKeys();
  void IndexTriggers();
  absl::Status CompileRegexes();

  std::unique_ptr<Program> program_;
  std::map<std::string, uint32_t> phrase_ids_;
  std::map<std::string, uint32_t> regex_ids_;
  std::map<std::string, uint32_t> expr_ids_;
  std::vector<std::optional<WordKey>> keys_;  // by phrase
  std::vector<uint32_t> sizes_;  // by expression: its operators and atoms, names written out
  size_t nodes_added_ = 0;
  std::chrono::nanoseconds regex_time_{};
  std::vector<HsDatabase> costly_;      // by regex: its own, if it took long to compile
  std::vector<std::string> resolving_;  // names being inlined, outermost first
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PROGRAM_BUILDER_H_
