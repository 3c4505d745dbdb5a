// The ASCII fold by every vector instruction set of this processor, beside the scalar loop: none
// may be slower than it.
//
//   build/release/bench/fold_targets     # a table; 1 if one is
#include <fmt/format.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "rules/text/ascii_fold.h"

namespace tocsin::bench {
namespace {

using rules::AsciiFold;
using FoldFunction = AsciiFold (*)(const char*, size_t, bool, char*);

constexpr size_t kTextBytes = size_t{1} << 20;
constexpr int kRounds = 101;
constexpr double kSlack = 1.05;  // what the least of so many rounds still differs by

// Words of English length, now and then a comma, a figure or the end of a paragraph.
std::string MakeText() {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < kTextBytes) {
    const unsigned kind = random() % 100;
    for (unsigned letters = 1 + random() % 9; letters > 0; --letters)
      text += static_cast<char>((kind < 8 ? 'A' : 'a') + random() % 26);
    text += kind < 90 ? " " : kind < 95 ? ", " : kind < 97 ? " 2026 " : ".\n\n";
  }
  return text;
}

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Contender {
  std::string name;
  int64_t target;  // 0: the scalar loop
  double least_s = std::numeric_limits<double>::infinity();
};

std::vector<Contender> Measure() {
  std::vector<Contender> all = {{.name = "scalar loop", .target = 0}};
  for (const int64_t target : hwy::SupportedAndGeneratedTargets())
    all.push_back({.name = hwy::TargetName(target), .target = target});
  const std::string text = MakeText();
  std::string out(text.size() + rules::kFoldAsciiSlack, ' ');
  for (int round = 0; round < kRounds; ++round) {
    for (Contender& each : all) {
      hwy::SetSupportedTargetsForTest(each.target);
      const FoldFunction fold = each.target == 0 ? &rules::FoldAsciiScalar : &rules::FoldAscii;
      const double begin = CpuSeconds();
      fold(text.data(), text.size(), true, out.data());
      each.least_s = std::min(each.least_s, CpuSeconds() - begin);
    }
  }
  return all;
}

int Main() {
  const std::vector<Contender> all = Measure();
  int slower = 0;
  for (const Contender& each : all) {
    const double speed_up = all[0].least_s / each.least_s;
    slower += speed_up * kSlack < 1 ? 1 : 0;
    fmt::print("{:<12} {:6.2f} GB/s {:6.2f} times the scalar loop\n", each.name,
               static_cast<double>(kTextBytes) / each.least_s / 1e9, speed_up);
  }
  if (slower > 0) fmt::print(stderr, "fold_targets: {} slower than the scalar loop\n", slower);
  return slower == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tocsin::bench

int main() { return tocsin::bench::Main(); }
