#include "rules/compile/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tocsin::rules {
namespace {

constexpr size_t kExcerptBytesMax = 500;
constexpr size_t kKeptMax = 10'000;

}  // namespace

std::string ToText(std::vector<Diagnostic> diagnostics, size_t unkept) {
  std::sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.line, a.column, a.what) < std::tie(b.file, b.line, b.column, b.what);
  });
  const size_t shown = std::min(diagnostics.size(), kDiagnosticsShown);
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    const Diagnostic& d = diagnostics[i];
    if (!text.empty()) text += '\n';
    text += fmt::format("{}:{}:{}: {}{}", d.file, d.line, d.column, d.is_warning ? "warning: " : "",
                        d.what);
    if (!d.mend.empty()) text += fmt::format("; {}", d.mend);
    if (!d.excerpt.empty() && d.excerpt.size() <= kExcerptBytesMax)
      text += fmt::format("\n    {}\n    {:>{}}", d.excerpt, '^', d.column);
  }
  const size_t more = diagnostics.size() - shown + unkept;
  if (more > 0) text += fmt::format("\n... and {} more", more);
  return text;
}

void Diagnostics::Add(Diagnostic diagnostic) {
  if (all_.size() < kKeptMax) {
    all_.push_back(std::move(diagnostic));
  } else {
    ++unkept_;
  }
}

absl::Status Diagnostics::ToStatus() const {
  return absl::InvalidArgumentError(ToText(all_, unkept_));
}

}  // namespace tocsin::rules
