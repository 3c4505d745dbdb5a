#include "rules/match/phrase_search.h"

#include <optional>

#include "rules/base/status_macros.h"
#include "rules/query/glob.h"

namespace tocsin::rules {
namespace {

// Where the token before the one that begins at `begin` begins.
std::optional<size_t> PreviousToken(std::string_view stream, size_t begin) {
  if (begin < 2) return std::nullopt;
  const size_t space = stream.rfind(' ', begin - 2);
  if (space == std::string_view::npos) return std::nullopt;
  return space + 1;
}

// The start of the phrase whose anchor begins at `anchor`, if the tokens there are its tokens.
std::optional<size_t> Confirm(const PhraseAtom& atom, std::string_view stream, size_t anchor) {
  size_t begin = stream[anchor] == ' ' ? anchor + 1 : stream.rfind(' ', anchor) + 1;
  for (uint32_t back = 0; back < atom.anchor.token; ++back) {
    const std::optional<size_t> previous = PreviousToken(stream, begin);
    if (!previous) return std::nullopt;
    begin = *previous;
  }
  size_t at = begin;
  for (const std::string& pattern : atom.phrase.tokens) {
    const size_t end = stream.find(' ', at);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view token = stream.substr(at, end - at);
    if (!(atom.has_wildcard ? GlobMatches(pattern, token) : pattern == token)) return std::nullopt;
    at = end + 1;
  }
  return begin;
}

}  // namespace

absl::Status PhraseSearch::Find(const Program& program, const PhraseDatabase& database,
                                std::string_view stream, hs_scratch_t* scratch,
                                std::vector<PhraseHit>* hits) {
  if (database.database == nullptr) return absl::OkStatus();
  anchors_.clear();
  RETURN_IF_ERROR(Scan(database.database.get(), stream, scratch, [this](unsigned id, size_t end) {
    anchors_.push_back({id, static_cast<uint32_t>(end)});
  }));
  for (const AnchorHit& anchor : anchors_) {
    const size_t begin = anchor.end - database.literal_bytes[anchor.id];
    for (const uint32_t atom : database.atoms[anchor.id]) {
      if (const auto start = Confirm(program.phrases[atom], stream, begin)) {
        hits->push_back({.atom = atom, .begin = static_cast<uint32_t>(*start)});
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace tocsin::rules
