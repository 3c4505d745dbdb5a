#include "bench/machine.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <cstring>
#include <fstream>
#include <string_view>

namespace tocsin::bench {
namespace {

// The value of the first line "name : value" of /proc/cpuinfo.
std::string CpuInfo(std::string_view name) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (colon != std::string::npos && line.starts_with(name)) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string VectorUnits() {
  const std::string flags = CpuInfo("flags") + " ";
  for (const std::string_view unit : {"avx512vbmi", "avx512bw", "avx2", "sse4_2"}) {
    if (flags.find(fmt::format(" {} ", unit)) != std::string::npos) return std::string(unit);
  }
  return "none beyond the baseline";
}

std::string LoadAverage() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load;
}

std::vector<int> AllowedCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof(set), &set);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Machine() {
  return {{"cpu", fmt::format("{}, family {} model {}", CpuInfo("model name"),
                              CpuInfo("cpu family"), CpuInfo("model\t"))},
          {"cpus", fmt::format("{}", Cpus().size())},
          {"vector_units", VectorUnits()},
          {"load_average_1min", LoadAverage()},
          {"compiler", TOCSIN_COMPILER},
          {"libraries", TOCSIN_LIBRARIES}};
}

const std::vector<int>& Cpus() {
  static const std::vector<int>* const kCpus = new std::vector<int>(AllowedCpus());
  return *kCpus;
}

absl::Status Pin(int thread_index) {
  const auto index = static_cast<size_t>(thread_index);
  if (index >= Cpus().size()) {
    return absl::OutOfRangeError(
        fmt::format("thread {} of {} processors", thread_index + 1, Cpus().size()));
  }
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(Cpus()[index], &set);
  const int error = pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
  if (error == 0) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("pinning to processor {}: {}", Cpus()[index], std::strerror(error)));
}

std::string WhyUnfit() {
#ifndef NDEBUG
  return "this build has assertions in it; measure the release preset";
#elif !defined(__OPTIMIZE__)
  return "this build is not optimized; measure the release preset";
#else
  return {};
#endif
}

}  // namespace tocsin::bench
