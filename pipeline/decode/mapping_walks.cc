#include "pipeline/decode/mapping_walks.h"

#include <algorithm>
#include <bit>

namespace tocsin {
namespace {

FieldPlan PlanOf(const std::vector<Alternative>& alternatives, uint32_t target) {
  FieldPlan plan{.first_target = target};
  for (const Alternative& each : alternatives) {
    const bool is_constant = each.selectors.empty();
    uint64_t mask = is_constant ? kConstantBit : 0;
    for (size_t i = 0; i < each.selectors.size(); ++i) mask |= uint64_t{1} << target++;
    for (uint64_t left = mask; left != 0; left &= left - 1) {
      plan.way_of[static_cast<size_t>(std::countr_zero(left))] =
          static_cast<uint8_t>(plan.ways.size());
    }
    plan.ways.push_back({.alternative = &each, .mask = mask});
    plan.mask |= mask;
    if (is_constant) break;
  }
  return plan;
}

// Not of times, languages, statuses and types: not every text is one.
bool TakesAnyText(MappedField field) {
  switch (field) {
    case MappedField::kId:
    case MappedField::kVersion:
    case MappedField::kTitle:
    case MappedField::kLead:
    case MappedField::kBody:
    case MappedField::kSource:
    case MappedField::kUrl:
      return true;
    default:
      return false;
  }
}

bool FindsOne(const Selector& selector) {
  return std::all_of(selector.steps.begin(), selector.steps.end(), [](const Step& step) {
    return step.kind == Step::Kind::kDocument || step.kind == Step::Kind::kKey;
  });
}

}  // namespace

MappingWalks::MappingWalks(const MappingSpec& spec) {
  for (uint32_t i = 0; i < spec.articles.size(); ++i) {
    articles.Add(spec.articles[i], i);
    Selector list = spec.articles[i];
    const bool is_of_list = list.steps.back().kind == Step::Kind::kAny;
    list.steps.pop_back();
    if (is_of_list) lists.Add(list, i);
  }
  uint32_t target = 0;
  for (size_t field = 0; field < kMappedFieldCount; ++field) {
    plans[field] = PlanOf(spec.fields[field], target);
    for (const Alternative& alternative : spec.fields[field]) {
      for (const Selector& selector : alternative.selectors) fields.Add(selector, target++);
    }
    if (!TakesAnyText(static_cast<MappedField>(field))) continue;
    Settle(plans[field]);
  }
}

void MappingWalks::Settle(const FieldPlan& plan) {
  uint64_t later = 0;
  for (auto way = plan.ways.rbegin(); way != plan.ways.rend(); ++way) {
    const std::vector<Selector>& selectors = way->alternative->selectors;
    const bool joins = way->alternative->joins;
    const uint64_t behind = later;
    auto target = static_cast<uint32_t>(std::bit_width(way->mask & ~kConstantBit));
    for (auto selector = selectors.rbegin(); selector != selectors.rend(); ++selector) {
      const uint64_t bit = uint64_t{1} << --target;
      // What finds one value at most has no more to be spared.
      settles[target] = joins ? behind : later | (FindsOne(*selector) ? 0 : bit);
      later |= bit;
    }
  }
}

}  // namespace tocsin
