// The plain scanner alone, for differential.py: `plain_match RULES <articles` reads NDJSON and prints
// a line for each rule that holds for an article, its ids with a space between.
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "pipeline/decode/decoder.h"
#include "rules/base/status_macros.h"
#include "rules/match/plain_scanner.h"
#include "rules/rule_set.h"

namespace tocsin {
namespace {

absl::Status MatchPlainly(const std::string& path) {
  ASSIGN_OR_RETURN(const auto rule_set, rules::RuleSet::Load({path}));
  rules::PlainScanner scanner(rule_set);
  Decoder decoder(DecodeLimits{});
  std::vector<uint32_t> found;
  for (std::string line; std::getline(std::cin, line);) {
    ASSIGN_OR_RETURN(const Article* const article, decoder.Decode(line));
    RETURN_IF_ERROR(scanner.Scan(article->document, &found));
    for (const uint32_t rule : found) {
      fmt::print("{} {}\n", article->id, rule_set->rules()[rule].id);
    }
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  const absl::Status status =
      argc == 2 ? tocsin::MatchPlainly(argv[1]) : absl::InvalidArgumentError("plain_match RULES");
  if (!status.ok()) fmt::print(stderr, "plain_match: {}\n", std::string(status.message()));
  return status.ok() ? 0 : 1;
}
