// A small rule set and matches made by hand, so that publishing is tested without a scanner.
#ifndef TOCSIN_TESTS_PIPELINE_PUBLISH_PUBLISH_FIXTURE_H_
#define TOCSIN_TESTS_PIPELINE_PUBLISH_PUBLISH_FIXTURE_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/document.h"
#include "rules/rule_set.h"

namespace tocsin {

inline constexpr std::string_view kCeasefireRules = R"(topic: ceasefire
title: Ceasefires
codes: {iptc: "medtop:20000056"}
rules:
  - id: ceasefire.mention
    status: stable
    query: ceasefire
    examples: ["a ceasefire holds"]
    counterexamples: ["a fire"]
  - id: ceasefire.trial
    status: experimental
    query: truce
    examples: ["a truce holds"]
    counterexamples: ["a fire"]
)";

inline constexpr std::string_view kSanctionsRules = R"(topic: sanctions
title: Economic sanctions
codes: {iptc: "medtop:20000642", cameo: "163"}
rules:
  - id: sanctions.lifted
    status: stable
    query: '"sanctions lifted"'
    examples: ["sanctions lifted"]
    counterexamples: ["sanctions"]
  - id: sanctions.mention
    status: stable
    query: sanctions
    examples: ["new sanctions"]
    counterexamples: ["a sanction"]
)";

// Rules ceasefire.mention, ceasefire.trial (experimental), sanctions.lifted and sanctions.mention.
inline std::shared_ptr<const rules::RuleSet> PublishTestRules() {
  const std::filesystem::path dir =
      std::filesystem::temp_directory_path() / ("tocsin-publish-test." + std::to_string(getpid()));
  std::filesystem::create_directories(dir);
  std::ofstream(dir / "ceasefire.yaml") << kCeasefireRules;
  std::ofstream(dir / "sanctions.yaml") << kSanctionsRules;
  auto rule_set = rules::RuleSet::Load({dir.string()});
  std::filesystem::remove_all(dir);
  if (!rule_set.ok()) {
    std::cerr << rule_set.status() << '\n';
    std::abort();
  }
  return *std::move(rule_set);
}

// Rules in ascending order, as a Scanner gives them; hits is the number of spans and `beyond` more.
inline void AddMatch(const rules::RuleSet& rule_set, std::string_view id,
                     const std::vector<rules::Span>& spans, rules::Matches* matches,
                     uint32_t beyond = 0) {
  uint32_t rule = 0;
  while (rule < rule_set.rules().size() && rule_set.rules()[rule].id != id) ++rule;
  if (rule == rule_set.rules().size()) std::abort();
  const auto begin = static_cast<uint32_t>(matches->evidence.size());
  matches->evidence.insert(matches->evidence.end(), spans.begin(), spans.end());
  matches->rules.push_back({.rule = rule,
                            .hits = static_cast<uint32_t>(spans.size()) + beyond,
                            .evidence_begin = begin,
                            .evidence_end = static_cast<uint32_t>(matches->evidence.size())});
}

inline rules::Span SpanOf(rules::Field field, std::string_view text, std::string_view part) {
  const auto begin = static_cast<uint32_t>(text.find(part));
  return {.field = field, .begin = begin, .end = begin + static_cast<uint32_t>(part.size())};
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_PIPELINE_PUBLISH_PUBLISH_FIXTURE_H_
