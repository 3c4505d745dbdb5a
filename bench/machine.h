// What a figure depends on beside the code: the processor, the build, and where a thread runs.
//
//   for (const auto& [name, value] : Machine()) benchmark::AddCustomContext(name, value);
//   RETURN_IF_ERROR(Pin(state.thread_index()));
//
// Shape     Cpus: those that the process may use, as it started.
// Errors    Pin: OutOfRange: fewer processors than threads. Internal: the kernel refuses.
#ifndef TOCSIN_BENCH_MACHINE_H_
#define TOCSIN_BENCH_MACHINE_H_

#include <absl/status/status.h>

#include <string>
#include <utility>
#include <vector>

namespace tocsin::bench {

std::vector<std::pair<std::string, std::string>> Machine();

const std::vector<int>& Cpus();

// Keeps the calling thread on the thread_index-th processor of Cpus().
absl::Status Pin(int thread_index);

// Empty, or why this build's figures would mean nothing.
std::string WhyUnfit();

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_MACHINE_H_
