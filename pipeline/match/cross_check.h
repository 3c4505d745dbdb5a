// Whether the matcher finds what it should, asked of live traffic: a sample of the articles is
// matched once more by the plain scanner, and what differs is counted and logged.
//
//   auto check = CrossCheck::Create(rule_set, 100, &counters);      // 100 of a million articles
//   if (check->Chooses(article)) check->Check(record, article, matches);
//
// Shape     chosen by a hash of the title and the first kHashedBytes of the body, where articles
//           differ: the same ones by every process, again after a rewind, and by `tocsin match` over
//           an archive. What was found is not changed.
// Cost      Chooses: 0.2 µs. Check: that of rules/match/plain_scanner.h.
// Errors    an article that the plain scanner gives up is counted as such, neither as same nor as
//           different.
// Threads   one CrossCheck per thread.
// Lifetime  keeps its RuleSet alive; counters outlive it.
#ifndef TOCSIN_PIPELINE_MATCH_CROSS_CHECK_H_
#define TOCSIN_PIPELINE_MATCH_CROSS_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "pipeline/consume/record_batch.h"
#include "pipeline/counters.h"
#include "pipeline/decode/article.h"
#include "rules/document.h"
#include "rules/match/plain_scanner.h"

namespace tocsin {

class CrossCheck {
 public:
  // Null for 0 of a million. ignored: lines that no rule is to see; null for none.
  static std::unique_ptr<CrossCheck> Create(
      std::shared_ptr<const rules::RuleSet> rule_set, int per_million, Counters* counters,
      std::shared_ptr<const rules::IgnoredLines> ignored = nullptr);

  static constexpr size_t kHashedBytes = 512;
  bool Chooses(const Article& article) const;

  // matches: what the matcher has found in the article, by the same rule set.
  void Check(const Record& record, const Article& article, const rules::Matches& matches);

 private:
  CrossCheck(std::shared_ptr<const rules::RuleSet> rule_set, int per_million, Counters* counters,
             std::shared_ptr<const rules::IgnoredLines> ignored);

  const std::shared_ptr<const rules::RuleSet> rule_set_;
  const uint64_t per_million_;
  Counters* const counters_;
  rules::PlainScanner scanner_;
  std::vector<uint32_t> plain_;
  std::vector<uint32_t> found_;
  std::vector<uint32_t> differing_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_MATCH_CROSS_CHECK_H_
