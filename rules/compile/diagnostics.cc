#include "rules/compile/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tocsin::rules {

absl::Status Diagnostics::ToStatus() const {
  std::vector<Diagnostic> sorted = all_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  std::string text;
  for (const Diagnostic& d : sorted) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{}:{}:{}: {}", d.file, d.line, d.column, d.what);
    if (!d.mend.empty()) text += fmt::format("; {}", d.mend);
    if (!d.excerpt.empty()) text += fmt::format("\n    {}\n    {:>{}}", d.excerpt, '^', d.column);
  }
  return absl::InvalidArgumentError(text);
}

}  // namespace tocsin::rules
