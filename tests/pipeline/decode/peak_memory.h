// How much more memory a piece of work took than there was before it.
#ifndef TOCSIN_TESTS_PIPELINE_DECODE_PEAK_MEMORY_H_
#define TOCSIN_TESTS_PIPELINE_DECODE_PEAK_MEMORY_H_

#include <malloc.h>

#include <cstdint>
#include <fstream>
#include <string>

namespace tocsin {

inline int64_t StatusKib(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoll(line.substr(name.size()));
  }
  return -1;
}

template <typename Work>
int64_t PeakKibOf(const Work& work) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak is what there is now
  const int64_t before = StatusKib("VmRSS:");
  work();
  return StatusKib("VmHWM:") - before;
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_PIPELINE_DECODE_PEAK_MEMORY_H_
