#include "rules/compile/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tocsin::rules {
namespace {

constexpr size_t kExcerptBytesMax = 500;

}  // namespace

std::string ToText(std::vector<Diagnostic> diagnostics) {
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
  if (shown < diagnostics.size())
    text += fmt::format("\n... and {} more", diagnostics.size() - shown);
  return text;
}

absl::Status Diagnostics::ToStatus() const { return absl::InvalidArgumentError(ToText(all_)); }

}  // namespace tocsin::rules
