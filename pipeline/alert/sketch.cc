#include "pipeline/alert/sketch.h"

namespace tocsin {

Sketch SketchBuilder::Build() {
  Shrink();
  Sketch sketch{.size = static_cast<uint8_t>(size_), .complete = complete_};
  std::copy_n(values_.begin(), size_, sketch.values.begin());
  size_ = 0;
  limit_ = UINT32_MAX;
  complete_ = true;
  return sketch;
}

void SketchBuilder::Shrink() {
  sorter_(values_.data(), size_, hwy::SortAscending());
  // Of a shingle that the lead has and the rest as well, the former stays: it sorts first.
  size_ = std::unique(
              values_.begin(), values_.begin() + size_,
              [](uint32_t a, uint32_t b) { return Sketch::ShingleOf(a) == Sketch::ShingleOf(b); }) -
          values_.begin();
  if (size_ <= Sketch::kSize) return;
  size_ = Sketch::kSize;
  limit_ = values_[size_ - 1] | 1;
  complete_ = false;
}

}  // namespace tocsin
