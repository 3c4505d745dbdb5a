// `tocsin diff`: what a change of rules would gain and lose on an archive.
//
//   return Diff({.old_rules = {"a"}, .new_rules = {"b"}, .path = "archive.ndjson"}, stdout);
//
// Shape     rules are the same by their id. Of each the first kChangesShown articles gained and
//           lost are shown.
// Errors    those of LoadScanner; DataLoss: broken articles; NotFound: a path.
#ifndef TOCSIN_DAEMON_DIFF_H_
#define TOCSIN_DAEMON_DIFF_H_

#include <absl/status/status.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace tocsin {

inline constexpr size_t kChangesShown = 1000;

struct DiffOptions {
  std::vector<std::string> old_rules;
  std::vector<std::string> new_rules;
  std::string config_path;  // of both; empty: none
  std::string path = "-";
  bool json = false;
};

absl::Status Diff(const DiffOptions& options, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_DIFF_H_
