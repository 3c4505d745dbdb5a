// One thread's view of a compiled rule set.
//
//   ASSIGN_OR_RETURN(Scanner scanner, Scanner::Create(rule_set));
//   RETURN_IF_ERROR(scanner.Scan(document, &matches));
//
// Shape     document: valid UTF-8, at most kTextBytesMax in all. matches: replaced.
// Cost      one pass over the text; positions only for articles in which a required atom occurs. No
//           allocation once the buffers have grown to the largest article.
// Errors    InvalidArgument: text too long, or a match that a regex begins where none can (regex.h).
//           ResourceExhausted: a regex met its match limit. Of a regex they name the rule. Internal:
//           Hyperscan failed. On error matches is empty: never a partial answer.
// Threads   one Scanner per thread; many may share a RuleSet.
// Lifetime  a Scanner keeps its RuleSet alive.
#ifndef TOCSIN_RULES_SCANNER_H_
#define TOCSIN_RULES_SCANNER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <memory>

#include "rules/document.h"
#include "rules/match/ignored_lines.h"
#include "rules/rule_set.h"

namespace tocsin::rules {

struct Explanation;  // rules/match/explain.h

class Scanner {
 public:
  // The fold makes eleven bytes of one at most (U+FDFA), and is counted in 32 bits.
  static constexpr size_t kTextBytesMax = size_t{1} << 28;

  // ignored: lines that no rule is to see; null for none.
  static absl::StatusOr<Scanner> Create(std::shared_ptr<const RuleSet> rule_set,
                                        std::shared_ptr<const IgnoredLines> ignored = nullptr);

  Scanner(Scanner&&) noexcept;
  Scanner& operator=(Scanner&&) noexcept;
  ~Scanner();

  absl::Status Scan(const Document& document, Matches* matches);

  // How rule number `rule` comes to its answer, whatever the document's language. Errors as Scan.
  absl::StatusOr<Explanation> Explain(const Document& document, uint32_t rule);

  const RuleSet& rule_set() const;

 private:
  struct State;
  explicit Scanner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_SCANNER_H_
