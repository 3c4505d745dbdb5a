// The rules that hold for an article, found out the plain way: every phrase is looked for in the
// whole text, every pair of a proximity is tried. Slow, and so little of it that it can be read:
// what the Scanner's short cuts are checked against.
//
//   PlainScanner scanner(rule_set);
//   RETURN_IF_ERROR(scanner.Scan(document, &rules));      // must be those of Scanner::Scan
//
// Shape     rules: replaced; ascending indices into RuleSet::rules(). It shares with the Scanner the
//           fold, but a byte at a time, the classes of gaps, PCRE2 and the expressions that queries
//           compile to; no index, trigger, condition, window, prefilter, vector or plan.
// Cost      3.5 ms for 4 kB and the catalog; 1 ms more beside 10,000 names. At most kStepsMax
//           comparisons, occurrences and bytes that regexes read, some 50 ms, and what a regex tries
//           in vain.
// Memory    at most 50 bytes a step while it scans; 100 a word of the longest text are kept.
// Errors    ResourceExhausted: the text is too long, the steps are used up, or a regex met its limit.
//           Internal: ICU failed. Then rules is empty.
// Threads   one a thread.
// Lifetime  keeps its RuleSet alive.
#ifndef TOCSIN_RULES_MATCH_PLAIN_SCANNER_H_
#define TOCSIN_RULES_MATCH_PLAIN_SCANNER_H_

#include <absl/status/status.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/program.h"
#include "rules/document.h"
#include "rules/match/ignored_lines.h"
#include "rules/match/occurrence.h"
#include "rules/rule_set.h"
#include "rules/text/fold.h"
#include "rules/text/gaps.h"

namespace tocsin::rules {

class PlainScanner {
 public:
  static constexpr size_t kTextBytesMax = size_t{64} << 10;
  static constexpr uint64_t kStepsMax = 1'000'000;

  // ignored: lines that no rule is to see; null for none.
  explicit PlainScanner(std::shared_ptr<const RuleSet> rule_set,
                        std::shared_ptr<const IgnoredLines> ignored = nullptr);

  absl::Status Scan(const Document& document, std::vector<uint32_t>* rules);

 private:
  using CountByGap = std::array<uint32_t, static_cast<size_t>(Gap::kField) + 1>;

  struct Word {
    std::string_view folded;
    std::string_view source;
    Field field;
    uint32_t begin;  // in the field
    uint32_t end;
    CountByGap wider_before;  // wider gaps than that before this word
  };

  void Blank(Document* document);
  void ReadWords();
  void ReadGaps(const FieldTokens& fields);
  void FindLead();

  bool Holds(uint32_t expr);
  const Occurrences& Find(uint32_t expr);
  Occurrences FindAnew(const Expr& expr);
  Occurrences FindPhrase(const Phrase& phrase, Scope scope);
  Occurrences FindRegex(const Regex& regex, Scope scope);
  Occurrences FindNear(const Expr& near);
  Occurrences FindNotNear(const Expr& not_near);
  uint32_t CountApart(Occurrences found);

  std::vector<uint32_t> PlacesOf(std::string_view pattern);
  bool StandsAt(const Phrase& phrase, uint32_t first);
  bool Fits(std::string_view pattern, std::string_view word);
  bool Reaches(const Occurrence& before, const Occurrence& behind, const Reach& reach) const;
  bool InScope(const Occurrence& found, Scope scope) const;
  bool LeadStandsInBody();
  bool IsOver(uint64_t steps = 1);  // counts them

  const std::shared_ptr<const RuleSet> rule_set_;
  const std::shared_ptr<const IgnoredLines> ignored_;
  const Program& program_;
  std::array<std::string, kFieldCount> blanked_;
  Document document_;
  Folder folder_;
  Gaps gaps_;
  RegexMatcher regexes_;
  std::vector<Word> words_;
  std::map<std::string_view, std::vector<uint32_t>> places_;  // of each word
  std::vector<std::optional<Occurrences>> known_;             // by expression
  uint32_t beyond_lead_ = 0;  // whatever ends before it in the body is in the lead
  uint64_t steps_ = 0;
  absl::Status status_;  // the first error
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_PLAIN_SCANNER_H_
