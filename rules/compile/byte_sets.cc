#include "rules/compile/byte_sets.h"

#include <algorithm>
#include <vector>

namespace tocsin::rules {
namespace {

constexpr size_t kSets = 8;

size_t IndexOf(char byte) { return byte & 0x7F; }

// How many patterns of a set have which byte in a place.
class PlaceCounts {
 public:
  bool Has(size_t byte) const { return any_ > 0 || counts_[byte] > 0; }

  double Bytes() const { return any_ > 0 ? kUsualBytes : std::min(kUsualBytes, bytes_); }
  double BytesWith(std::optional<char> byte) const {
    if (!byte) return kUsualBytes;
    return Has(IndexOf(*byte)) ? Bytes() : std::min(kUsualBytes, bytes_ + 1);
  }

  void Put(std::optional<char> byte) {
    if (!byte) {
      ++any_;
    } else if (counts_[IndexOf(*byte)]++ == 0) {
      ++bytes_;
    }
  }
  void Take(std::optional<char> byte) {
    if (!byte) {
      --any_;
    } else if (--counts_[IndexOf(*byte)] == 0) {
      --bytes_;
    }
  }

 private:
  static constexpr double kUsualBytes = 27;  // letters and a space

  std::array<uint32_t, ByteSets::kBytes> counts_{};
  uint32_t any_ = 0;
  double bytes_ = 0;
};

class PatternSet {
 public:
  // How many more of the strings that there may be would pass.
  double GrowthWith(const ByteSets::Pattern& pattern) const {
    double before = 1;
    double after = 1;
    for (size_t i = 0; i < places_.size(); ++i) {
      before *= places_[i].Bytes();
      after *= places_[i].BytesWith(pattern[i]);
    }
    return after - before;
  }

  void Put(const ByteSets::Pattern& pattern) {
    for (size_t i = 0; i < places_.size(); ++i) places_[i].Put(pattern[i]);
  }
  void Take(const ByteSets::Pattern& pattern) {
    for (size_t i = 0; i < places_.size(); ++i) places_[i].Take(pattern[i]);
  }

  bool Has(size_t place, size_t byte) const { return places_[place].Has(byte); }

 private:
  std::array<PlaceCounts, ByteSets::kPlaces> places_;
};

}  // namespace

// Each pattern into the set that grows least by it, and again when the others have their places.
void ByteSets::Build(std::span<const Pattern> patterns) {
  constexpr int kTurns = 3;
  std::array<PatternSet, kSets> sets;
  std::vector<PatternSet*> of_pattern(patterns.size(), nullptr);
  for (int turn = 0; turn < kTurns; ++turn) {
    for (size_t i = 0; i < patterns.size(); ++i) {
      if (of_pattern[i] != nullptr) of_pattern[i]->Take(patterns[i]);
      of_pattern[i] = &*std::min_element(
          sets.begin(), sets.end(), [&](const PatternSet& a, const PatternSet& b) {
            return a.GrowthWith(patterns[i]) < b.GrowthWith(patterns[i]);
          });
      of_pattern[i]->Put(patterns[i]);
    }
  }
  for (size_t place = 0; place < kPlaces; ++place) {
    for (size_t byte = 0; byte < kBytes; ++byte) {
      places_[place][byte] = 0;
      for (size_t set = 0; set < kSets; ++set) {
        places_[place][byte] |= static_cast<uint8_t>(sets[set].Has(place, byte) << set);
      }
    }
  }
}

}  // namespace tocsin::rules
