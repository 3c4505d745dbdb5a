#include "daemon/config/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace tocsin {
namespace {

constexpr size_t kNamesMax = 32;  // that are worth listing

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> table(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) table[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) table[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      table[i][j] =
          std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[a.size()][b.size()];
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& names) {
  const std::string* nearest = nullptr;
  size_t least = std::numeric_limits<size_t>::max();
  for (const std::string& each : names) {
    const std::string_view last = std::string_view(each).substr(each.rfind('.') + 1);
    const size_t distance = std::min(EditDistance(name, each), EditDistance(name, last));
    // Few mistype the first letter.
    const bool is_nearer = distance < least || (distance == least && last.front() == name.front() &&
                                                nearest->front() != name.front());
    if (!is_nearer) continue;
    least = distance;
    nearest = &each;
  }
  const bool is_near = nearest != nullptr && least <= std::max(name.size() / 2, size_t{2});
  if (is_near) return fmt::format("did you mean {}?", *nearest);
  if (names.size() > kNamesMax) return "there is none like it";
  return fmt::format("there are {}", fmt::join(names, ", "));
}

}  // namespace tocsin
