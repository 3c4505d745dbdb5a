// Finds the phrases of a database in a folded stream: Hyperscan finds their anchors, the tokens
// around decide.
//
//   PhraseSearch search;
//   RETURN_IF_ERROR(search.Find(program, program.triggers, stream, scratch, &hits));
//
// Shape     hits: appended, in no order, perhaps twice; gaps and case are not looked at yet.
// Units     PhraseHit::begin: bytes of the stream, where the first token starts.
// Cost      one pass; a confirmation per anchor found.
// Errors    Internal: Hyperscan failed.
// Threads   one a thread, like the scratch.
#ifndef TOCSIN_RULES_MATCH_PHRASE_SEARCH_H_
#define TOCSIN_RULES_MATCH_PHRASE_SEARCH_H_

#include <absl/status/status.h>

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/compile/program.h"

namespace tocsin::rules {

struct PhraseHit {
  uint32_t atom;
  uint32_t begin;
  friend auto operator<=>(const PhraseHit&, const PhraseHit&) = default;
};

class PhraseSearch {
 public:
  absl::Status Find(const Program& program, const PhraseDatabase& database, std::string_view stream,
                    hs_scratch_t* scratch, std::vector<PhraseHit>* hits);

 private:
  struct AnchorHit {
    uint32_t id;
    uint32_t end;
  };
  std::vector<AnchorHit> anchors_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_MATCH_PHRASE_SEARCH_H_
