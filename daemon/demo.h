// `tocsin demo`: the whole way, on one machine, in one process.
#ifndef TOCSIN_DAEMON_DEMO_H_
#define TOCSIN_DAEMON_DEMO_H_

#include <absl/status/status.h>

#include <string>

namespace tocsin {

struct DemoOptions {
  bool keep = false;
  std::string directory;  // articles.ndjson and expected.txt; empty: the shipped ones
};

// Starts an embedded broker, sends the sample articles, runs the real worker over them, reads back
// what was published and shows it. OK only if that equals expected.txt.
absl::Status Demo(const DemoOptions& options);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_DEMO_H_
