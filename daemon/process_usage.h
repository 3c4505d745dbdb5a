// What the kernel knows of this process.
//
//   const ProcessUsage usage = ReadProcessUsage();
//
// Shape     what cannot be read is 0; nothing but /proc/self is looked at, as a hardened unit shows
//           no more.
// Threads   any.
#ifndef TOCSIN_DAEMON_PROCESS_USAGE_H_
#define TOCSIN_DAEMON_PROCESS_USAGE_H_

#include <cstdint>

namespace tocsin {

struct ProcessUsage {
  double cpu_seconds = 0;
  double started = 0;  // seconds since the epoch
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t open_fds = 0;
  uint64_t max_fds = 0;
};

ProcessUsage ReadProcessUsage();

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_PROCESS_USAGE_H_
