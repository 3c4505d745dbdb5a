// `tocsin eval`: rules against people's judgement.
//
//   return Eval({.path = "labelled.ndjson"}, stdout);
//
// Shape     a topic is flagged when a stable rule of it matches. Rows with "borderline": true are
//           left out, but for `all`; of a row only the topics that it labels count. A measure
//           without cases is 1, but there is none of a topic that no row labels.
// Errors    those of LoadScanner; DataLoss: a broken row, or none that labels a topic; NotFound: a
//           path.
#ifndef TOCSIN_DAEMON_EVAL_H_
#define TOCSIN_DAEMON_EVAL_H_

#include <absl/status/status.h>

#include <cstdio>
#include <string>

#include "daemon/command_rules.h"

namespace tocsin {

inline constexpr char kLabelledForm[] =
    R"({"text": "...", "title": "...", "lang": "en", "TOPIC": true|false}, title and lang if known)";

struct EvalOptions {
  std::string path = "-";
  RuleOptions rules;
  bool json = false;
  bool all = false;
};

absl::Status Eval(const EvalOptions& options, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_EVAL_H_
