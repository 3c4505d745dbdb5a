// Phrases whose wildcards leave no token three bytes at an end (`*stand*`, `*ar`): Hyperscan looks
// for their longest stretch without a wildcard.
//
//   ASSIGN_OR_RETURN(program.keyless, CompileKeyless(program));
//
// Cost      they make every article be folded and scanned once more: few rules need them.
// Errors    Internal: Hyperscan failed.
#ifndef TOCSIN_RULES_COMPILE_KEYLESS_H_
#define TOCSIN_RULES_COMPILE_KEYLESS_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "rules/compile/program.h"

namespace tocsin::rules {

// The longest stretch without a wildcard of the phrase as it stands in the stream.
struct Anchor {
  std::string literal;
  uint32_t token = 0;  // it lies in this one, or begins with the space before it
};
Anchor AnchorOf(const Phrase& phrase);

absl::StatusOr<PhraseDatabase> CompileKeyless(const Program& program);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_KEYLESS_H_
