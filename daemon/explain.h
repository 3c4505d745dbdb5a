// `tocsin explain`: why an article matched a rule, or did not; and what of it a mapping reads.
//
//   return Explain({.rule = "ceasefire.mention", .file = {.path = "-"}}, stdout);
//
// Errors    those of LoadScanner; Unimplemented: no such rule; DataLoss: a broken article;
// NotFound:
//           a path.
#ifndef TOCSIN_DAEMON_EXPLAIN_H_
#define TOCSIN_DAEMON_EXPLAIN_H_

#include <absl/status/status.h>

#include <cstdio>
#include <string>

#include "daemon/command_rules.h"
#include "pipeline/consume/file_source.h"

namespace tocsin {

struct ExplainOptions {
  std::string rule;     // empty: none
  std::string mapping;  // preset or file, of which to show what each selector finds; empty: neither
  RuleOptions rules;
  FileSourceOptions file = {.path = "-"};
};

absl::Status Explain(const ExplainOptions& options, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_EXPLAIN_H_
