// The ASCII fold by every vector instruction set of this processor, beside the scalar loop: what is
// slower than it should not be used.
//
//   build/release/bench/fold_targets     # a table; 1 if one folds other than the scalar loop
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
  std::string folded;
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
      const AsciiFold fold_of_all = fold(text.data(), text.size(), true, out.data());
      each.least_s = std::min(each.least_s, CpuSeconds() - begin);
      each.folded.assign(out, 0, fold_of_all.written);
    }
  }
  return all;
}

int Main() {
  const std::vector<Contender> all = Measure();
  bool are_same = true;
  for (const Contender& each : all) {
    fmt::print("{:<12} {:6.2f} GB/s {:6.2f} times the scalar loop\n", each.name,
               static_cast<double>(kTextBytes) / each.least_s / 1e9, all[0].least_s / each.least_s);
    if (each.folded == all[0].folded) continue;
    fmt::print(stderr, "fold_targets: {} folds other than the scalar loop\n", each.name);
    are_same = false;
  }
  return are_same ? 0 : 1;
}

}  // namespace
}  // namespace tocsin::bench

int main() { return tocsin::bench::Main(); }
