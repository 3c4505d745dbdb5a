#include "pipeline/decode/source_spans.h"

#include <algorithm>
#include <numeric>

namespace tocsin {

void SourceSpans::Clear() {
  ordinals_.clear();
  spans_.clear();
}

void SourceSpans::Add(std::span<const uint32_t> path) {
  spans_.push_back({.path_begin = ordinals_.size(), .path_size = path.size(), .text = {}});
  ordinals_.insert(ordinals_.end(), path.begin(), path.end());
}

std::span<const uint32_t> SourceSpans::PathOf(const Span& span) const {
  return std::span(ordinals_).subspan(span.path_begin, span.path_size);
}

bool SourceSpans::IsAt(const Span& span) const { return std::ranges::equal(here_, PathOf(span)); }

void SourceSpans::SortByPath() {
  order_.resize(spans_.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::sort(order_.begin(), order_.end(), [this](size_t a, size_t b) {
    return std::ranges::lexicographical_compare(PathOf(spans_[a]), PathOf(spans_[b]));
  });
}

void SourceSpans::Locate(const simdjson::dom::parser& parser, std::string_view text) {
  SortByPath();
  here_.clear();
  open_.clear();
  size_t next = 0;
  const auto& parsed = *parser.implementation;
  for (uint32_t i = 0; i < parsed.n_structural_indexes; ++i) {
    const size_t at = parsed.structural_indexes[i];
    switch (text[at]) {
      case '{':
      case '[':
        for (; next < order_.size() && IsAt(spans_[order_[next]]); ++next) {
          spans_[order_[next]].text = text.substr(at);
          open_.push_back(order_[next]);
        }
        here_.push_back(0);
        break;
      case '}':
      case ']':
        here_.pop_back();
        for (; !open_.empty() && IsAt(spans_[open_.back()]); open_.pop_back()) {
          std::string_view& span = spans_[open_.back()].text;
          const auto begin = static_cast<size_t>(span.data() - text.data());
          span = text.substr(begin, at + 1 - begin);
        }
        if (open_.empty() && next == order_.size()) return;
        break;
      case ',':
        ++here_.back();
        break;
      default:
        break;
    }
  }
}

}  // namespace tocsin
