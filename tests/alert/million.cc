// Fills an index as two days of a big feed would and says what that takes:
//
//   story_million [ENTRIES]     a million; exits 1 if its memory exceeds 1 GiB a million entries
//
// Entries are invented: sketches of articles of 650 shingles, a fifth of them of the 200,000 that
// many articles have.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "pipeline/alert/story_index.h"

namespace tocsin {
namespace {

constexpr size_t kShingles = 650;
constexpr int64_t kMsApart = 172;  // a million in 48 hours

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

size_t ResidentBytes() {
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

size_t PeakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes << 10;
  }
  return 0;
}

class Articles {
 public:
  Fingerprint Next() {
    Fingerprint fingerprint{.id_hash = random_() | 1, .url_hash = random_() | 1};
    fingerprint.body_hash = {random_(), random_() | 1};
    SketchBuilder sketch;
    for (size_t i = 0; i < kShingles; ++i) {
      const bool is_shared = random_() % 5 == 0;
      const auto hash = static_cast<uint32_t>(
          is_shared ? (random_() % (random_() % 200'000 + 1)) * 0x9E3779B97F4A7C15 >> 32
                    : random_());
      sketch.Add(hash, i < 100);
    }
    fingerprint.sketch = sketch.Build();
    return fingerprint;
  }

 private:
  std::mt19937_64 random_{1};
};

// As `tocsin alert` restores them: encoded, from the Kafka topic.
double Restore(size_t entries, Articles* articles, StoryIndex* index) {
  double seconds = 0;
  std::vector<std::string> batch;
  for (size_t i = 0; i < entries; i += batch.size()) {
    batch.clear();
    for (size_t j = i; j < std::min(entries, i + 1000); ++j) {
      StoryEntry entry{.fingerprint = articles->Next(),
                       .seen_ms = static_cast<int64_t>(j) * kMsApart};
      entry.story = StoryIndex::NewStory(entry.fingerprint, entry.seen_ms);
      batch.push_back(EncodeEntry(entry));
    }
    const double begin = CpuSeconds();
    for (const std::string& bytes : batch) index->Add(*DecodeEntry(bytes));
    seconds += CpuSeconds() - begin;
  }
  return seconds;
}

struct Steady {
  double seconds = 0;
  size_t merged = 0;
};

// One in, one out, with the index full.
Steady Run(size_t entries, size_t more, Articles* articles, StoryIndex* index) {
  Steady steady;
  for (size_t i = entries; i < entries + more; ++i) {
    const Fingerprint fingerprint = articles->Next();
    const int64_t seen_ms = static_cast<int64_t>(i) * kMsApart;
    const double begin = CpuSeconds();
    const auto placement = index->Find(fingerprint, seen_ms);
    index->Add({.fingerprint = fingerprint, .story = placement.story, .seen_ms = seen_ms});
    index->Expire(static_cast<int64_t>(i - entries + 1) * kMsApart, [](uint64_t) {});
    steady.seconds += CpuSeconds() - begin;
    steady.merged += placement.novelty != StoryIndex::Placement::kNew;
  }
  return steady;
}

int Main(int argc, char** argv) {
  const size_t entries = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  const size_t more = entries / 10;
  const size_t before = ResidentBytes();
  Articles articles;
  StoryIndex index;
  const double restored = Restore(entries, &articles, &index);
  const Steady steady = Run(entries, more, &articles, &index);
  const size_t bytes = PeakBytes() - before;
  fmt::print("{} entries: {} MiB at most, {} bytes each; decoded and added in {:.1f} s of CPU;\n",
             index.size(), bytes >> 20, bytes / entries, restored);
  fmt::print("then found, added and expired: {:.2f} us each; of {} strangers {} merged\n",
             steady.seconds / static_cast<double>(more) * 1e6, more, steady.merged);
  return index.size() == entries && steady.merged == 0 && bytes / entries <= (1 << 30) / 1'000'000
             ? 0
             : 1;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) { return tocsin::Main(argc, argv); }
