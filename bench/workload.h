// A corpus, and every stage's answer on it, verified once before anything is timed.
//
//   ASSIGN_OR_RETURN(const Workload articles, Workload::Make("articles", corpus, rule_set));
//   const Workload war = articles.MatchingOnly("war");
//   for (const Work& work : articles.works) decoder.Decode(work.json) ...
//   if (decoded != articles.answer.decode) return Wrong();
//
// Shape     each Work owns what the stages behind it need, so that a stage is timed alone.
// Errors    Internal: a stage's answer differs from a naive one. What is compared:
//           decode   the text, where nothing is marked up or needs an escape, stands in the JSON
//           fold     ASCII text, against a loop over its bytes
//           scan     every 16th article, against a scanner that has seen no other; each span folds
//                    to a word; generated articles match if and only if they must
//           encode   what is published, read back: the same evidence, the article byte for byte
#ifndef TOCSIN_BENCH_WORKLOAD_H_
#define TOCSIN_BENCH_WORKLOAD_H_

#include <absl/status/statusor.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/corpus.h"
#include "pipeline/decode/article.h"
#include "pipeline/record.h"
#include "rules/compile/program.h"
#include "rules/document.h"
#include "rules/match/trigger_search.h"
#include "rules/rule_set.h"
#include "rules/text/fold.h"

namespace tocsin::bench {

// What one pass of a stage over a workload adds up to.
struct Tally {
  uint64_t items = 0;
  uint64_t bytes = 0;
  friend bool operator==(const Tally&, const Tally&) = default;
  Tally& operator+=(const Tally& other);
};

struct Answer {
  Tally decode;    // articles; bytes of title, lead and body
  Tally fold;      // articles; bytes of the folded stream
  Tally tokens;    // articles; bytes of the stream
  Tally triggers;  // rules that may hold; bytes of the stream
  Tally scan;      // rules that hold; spans of evidence
  Tally encode;    // records; bytes of their values
};

struct Work {
  std::string json;
  std::string title, lead, body, language;
  rules::Matches matches;
  Answer answer;

  rules::Document document() const {
    return {.title = title, .lead = lead, .body = body, .language = language};
  }
  size_t text_bytes() const { return title.size() + lead.size() + body.size(); }
};

// Tokens and triggers, as the scanner has them found, without what follows.
class TriggerStage {
 public:
  explicit TriggerStage(const rules::Program& program);

  absl::Status Prepare();
  Tally ReadTokens(const Work& work);
  absl::StatusOr<Tally> Find();  // in the tokens read last

 private:
  const rules::Program& program_;
  rules::HsScratch scratch_;
  rules::Folder folder_;
  std::array<size_t, rules::kFieldCount> field_ends_{};
  rules::TriggerSearch search_;
};

struct Workload {
  static absl::StatusOr<Workload> Make(std::string workload_name, const Corpus& corpus,
                                       std::shared_ptr<const rules::RuleSet> rule_set);
  Workload MatchingOnly(std::string workload_name) const;

  std::string name;
  std::shared_ptr<const rules::RuleSet> rule_set;
  std::vector<Work> works;
  size_t json_bytes = 0;
  size_t text_bytes = 0;
  Answer answer;

 private:
  void Add(Work work);
};

// What the stages add to their tallies, one definition for the answer and for the timed loop.
Tally TallyOf(const Article& article);
Tally TallyOf(const rules::Matches& matches);
Tally TallyOf(const std::vector<OutputRecord>& records);

// The record that an article comes in.
Record RecordOf(const Work& work);

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_WORKLOAD_H_
