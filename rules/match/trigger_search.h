// Which rules an article may match: those of which a trigger stands in it, all its conditions met.
//
//   TriggerSearch search(program);
//   search.Find(folder.stream());
//   if (search.HasKeyless()) RETURN_IF_ERROR(search.FindKeyless(article, scratch));
//   search.rules();                   // ascending; most articles have none
//   search.TakeHits(article);
//   search.hits();                    // of every trigger, whether it triggers a rule here or not
//
// Shape     hits and keyless_hits: ascending, each once. hits holds keyless_hits too.
// Cost      a glance a token; where a trigger stands a look at each token near it. The article has to
//           be taken apart into tokens only if a rule may hold.
// Errors    Internal: Hyperscan failed.
// Threads   one a thread.
// Lifetime  views the program.
#ifndef TOCSIN_RULES_MATCH_TRIGGER_SEARCH_H_
#define TOCSIN_RULES_MATCH_TRIGGER_SEARCH_H_

#include <absl/status/status.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/compile/program.h"
#include "rules/match/article_tokens.h"
#include "rules/match/stream_phrase.h"
#include "rules/match/token_filter.h"

namespace tocsin::rules {

class TriggerSearch {
 public:
  explicit TriggerSearch(const Program& program)
      : program_(program), is_triggered_(program.plans.size()) {}

  void Find(std::string_view stream);

  // Of phrases that have no key, in the same article, if there are any.
  bool HasKeyless() const { return program_.keyless.database != nullptr; }
  absl::Status FindKeyless(const ArticleTokens& article, hs_scratch_t* scratch);

  // Whether a trigger stands there at all, its conditions met or not.
  bool HasHits() const { return !keyed_.empty() || !keyless_hits_.empty(); }

  // Beside those that were found.
  void AddRule(uint32_t rule);

  void TakeHits(const ArticleTokens& article);
  std::span<const PhraseHit> hits() const { return hits_; }
  std::span<const PhraseHit> keyless_hits() const { return keyless_hits_; }
  std::span<const uint32_t> rules();

 private:
  struct StreamHit {
    uint32_t begin;  // of the phrase's first token
    uint32_t phrase;
  };

  void FindKeyed(std::string_view stream);
  void TriggerRules(std::string_view stream, StreamHit hit);
  bool TriggersMore(const Trigger& trigger) const;

  const Program& program_;
  TokenFilter filter_;
  std::vector<StreamToken> likely_;  // tokens that most likely begin with a trigger's key
  std::vector<WordIndex::Probe> probes_;
  std::vector<StreamHit> keyed_;
  std::vector<PhraseHit> hits_;
  std::vector<PhraseHit> keyless_hits_;
  std::vector<uint8_t> is_triggered_;  // by rule
  std::vector<uint32_t> rules_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_TRIGGER_SEARCH_H_
