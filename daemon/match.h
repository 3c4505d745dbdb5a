// `tocsin match`: the pipeline without a broker.
#ifndef TOCSIN_DAEMON_MATCH_H_
#define TOCSIN_DAEMON_MATCH_H_

#include <absl/status/status.h>

#include <string>
#include <vector>

#include "pipeline/consume/file_source.h"

namespace tocsin {

struct MatchOptions {
  std::string path = "-";
  FileSourceOptions::Format format = FileSourceOptions::Format::kNdjson;
  std::vector<std::string> rules;  // empty: those of the configuration, else the shipped ones
  std::string config_path;         // empty: none
  std::string mapping = "flat";    // preset or file
};

// NDJSON, or one plain text, to published values, one a line on standard output. Of a configuration
// counts what tells what is found and how it is written: rules, ignore_lines, limits, format,
// output; its mappings are those of Kafka topics, and a file is of none. Bad lines go to standard
// error; if there were any, the status is DataLoss once the good ones are done.
absl::Status Match(const MatchOptions& options);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_MATCH_H_
