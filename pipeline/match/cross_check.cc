#include "pipeline/match/cross_check.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/log.h"

namespace tocsin {

std::unique_ptr<CrossCheck> CrossCheck::Create(std::shared_ptr<const rules::RuleSet> rule_set,
                                               int per_million, Counters* counters,
                                               std::shared_ptr<const rules::IgnoredLines> ignored) {
  if (per_million == 0) return nullptr;
  return std::unique_ptr<CrossCheck>(
      new CrossCheck(std::move(rule_set), per_million, counters, std::move(ignored)));
}

CrossCheck::CrossCheck(std::shared_ptr<const rules::RuleSet> rule_set, int per_million,
                       Counters* counters, std::shared_ptr<const rules::IgnoredLines> ignored)
    : rule_set_(rule_set),
      per_million_(static_cast<uint64_t>(per_million)),
      counters_(counters),
      scanner_(std::move(rule_set), std::move(ignored)) {}

// libstdc++ hashes alike in every process; the standard does not ask that of it, a test does.
bool CrossCheck::Chooses(const Article& article) const {
  constexpr std::hash<std::string_view> kHash;
  const rules::Document& document = article.document;
  const uint64_t hash = 31 * kHash(document.title) + kHash(document.body.substr(0, kHashedBytes));
  return hash % 1'000'000 < per_million_;
}

void CrossCheck::Check(const Record& record, const Article& article,
                       const rules::Matches& matches) {
  const absl::Status status = scanner_.Scan(article.document, &plain_);
  if (!status.ok()) {
    counters_->cross_checked.Add({"given_up"}, 1);
    return;
  }
  found_.clear();
  for (const rules::Match& match : matches.rules) found_.push_back(match.rule);
  differing_.clear();
  std::set_symmetric_difference(plain_.begin(), plain_.end(), found_.begin(), found_.end(),
                                std::back_inserter(differing_));
  counters_->cross_checked.Add({differing_.empty() ? "same" : "different"}, 1);
  for (const uint32_t rule : differing_) {
    const std::string& id = rule_set_->rules()[rule].id;
    counters_->cross_check_differences.Add({id}, 1);
    const bool is_missed = std::binary_search(plain_.begin(), plain_.end(), rule);
    spdlog::error("cross-check: rule {} {} article {} of the record, rule set {}{}", id,
                  is_missed ? "was not found to hold for" : "was wrongly found to hold for",
                  article.index, rule_set_->version(),
                  log::About{.event = log::kCrossCheck,
                             .kafka_topic = record.kafka_topic,
                             .partition = record.partition,
                             .offset = record.offset});
  }
}

}  // namespace tocsin
