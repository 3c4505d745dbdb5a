#include "rules/compile/keyless.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "rules/base/status_macros.h"
#include "rules/compile/hyperscan.h"

namespace tocsin::rules {

Anchor AnchorOf(const Phrase& phrase) {
  const std::string text = fmt::format(" {}", fmt::join(phrase.tokens, " "));
  Anchor best;
  uint32_t spaces = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find_first_of("*?", begin), text.size());
    if (end - begin > best.literal.size()) {
      best.literal = text.substr(begin, end - begin);
      best.token = text[begin] == ' ' ? spaces : spaces - 1;
    }
    spaces += static_cast<uint32_t>(std::count(text.begin() + static_cast<ptrdiff_t>(begin),
                                               text.begin() + static_cast<ptrdiff_t>(end), ' '));
    begin = end + 1;
  }
  return best;
}

absl::StatusOr<PhraseDatabase> CompileKeyless(const Program& program) {
  PhraseDatabase result;
  std::vector<std::string> literals;
  std::map<std::string, size_t> ids;
  for (uint32_t i = 0; i < program.phrases.size(); ++i) {
    if (program.phrases[i].has_key) continue;
    Anchor anchor = AnchorOf(program.phrases[i].phrase);
    const auto [found, is_new] = ids.try_emplace(anchor.literal, literals.size());
    if (is_new) {
      result.literal_bytes.push_back(static_cast<uint32_t>(anchor.literal.size()));
      result.phrases.emplace_back();
      literals.push_back(std::move(anchor.literal));
    }
    result.phrases[found->second].push_back(i);
  }
  ASSIGN_OR_RETURN(result.database, CompileLiterals(literals));
  return result;
}

}  // namespace tocsin::rules
