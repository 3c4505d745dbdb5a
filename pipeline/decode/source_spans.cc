#include "pipeline/decode/source_spans.h"

#include <algorithm>

namespace tocsin {

void SourceSpans::Clear() {
  ordinals_.clear();
  spans_.clear();
}

void SourceSpans::Add(std::span<const uint32_t> path) {
  spans_.push_back({.path_begin = ordinals_.size(), .path_size = path.size(), .text = {}});
  ordinals_.insert(ordinals_.end(), path.begin(), path.end());
}

bool SourceSpans::IsAt(const Span& span) const {
  return span.path_size == here_.size() &&
         std::equal(here_.begin(), here_.end(),
                    ordinals_.begin() + static_cast<ptrdiff_t>(span.path_begin));
}

void SourceSpans::Locate(const simdjson::dom::parser& parser, std::string_view text) {
  here_.clear();
  open_.clear();
  size_t next = 0;
  const auto& parsed = *parser.implementation;
  for (uint32_t i = 0; i < parsed.n_structural_indexes; ++i) {
    const size_t at = parsed.structural_indexes[i];
    switch (text[at]) {
      case '{':
      case '[':
        if (next < spans_.size() && IsAt(spans_[next])) {
          spans_[next].text = text.substr(at);
          open_.push_back(next++);
        }
        here_.push_back(0);
        break;
      case '}':
      case ']':
        here_.pop_back();
        if (!open_.empty() && IsAt(spans_[open_.back()])) {
          std::string_view& span = spans_[open_.back()].text;
          span = text.substr(static_cast<size_t>(span.data() - text.data()));
          span = span.substr(0, at + 1 - static_cast<size_t>(span.data() - text.data()));
          open_.pop_back();
          if (open_.empty() && next == spans_.size()) return;
        }
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
