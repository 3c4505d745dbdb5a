// Which rules an article may match: those of which a trigger stands in it, all its conditions met.
//
//   TriggerSearch search(program);
//   if (search.MayFind(folder.stream())) RETURN_IF_ERROR(search.Find(article, scratch, &finder));
//   search.hits();                    // of every trigger, whether it triggers a rule here or not
//   search.rules();                   // ascending
//
// Shape     hits and keyless_hits: ascending, each once. hits holds keyless_hits too.
// Cost      a glance a token; the article's tokens and conditions only where a trigger may stand.
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
#include "rules/match/phrase_finder.h"
#include "rules/match/stream_phrase.h"
#include "rules/match/token_filter.h"

namespace tocsin::rules {

class TriggerSearch {
 public:
  explicit TriggerSearch(const Program& program)
      : program_(program), is_triggered_(program.plans.size()) {}

  // Whether Find, which goes on from here, may find anything in the stream: most articles hold no
  // trigger, and need not be taken apart into tokens.
  bool MayFind(std::string_view stream);

  // finder: of the same program and article.
  absl::Status Find(const ArticleTokens& article, hs_scratch_t* scratch, PhraseFinder* finder);

  // Beside those that Find found.
  void AddRule(uint32_t rule);

  std::span<const PhraseHit> hits() const { return hits_; }
  std::span<const PhraseHit> keyless_hits() const { return keyless_hits_; }
  std::span<const uint32_t> rules();

 private:
  void FindKeyed(std::string_view stream);
  absl::Status FindKeyless(const ArticleTokens& article, hs_scratch_t* scratch);
  bool IsMet(const Condition& condition, const ArticleTokens& article, const PhraseHit& hit,
             PhraseFinder* finder) const;
  bool TriggersMore(const Trigger& trigger) const;

  const Program& program_;
  TokenFilter filter_;
  std::vector<StreamToken> likely_;  // tokens that most likely begin with a trigger's key
  struct StreamHit {
    uint32_t begin;  // of the phrase's first token
    uint32_t phrase;
  };
  std::vector<StreamHit> keyed_;
  std::vector<PhraseHit> hits_;
  std::vector<PhraseHit> keyless_hits_;
  std::vector<uint8_t> is_triggered_;  // by rule
  std::vector<uint32_t> rules_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_TRIGGER_SEARCH_H_
