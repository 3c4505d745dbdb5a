// `tocsin test`: the rules' own examples.
//
//   return TestRules({.rules = {"my-rules"}}, stdout);
//
// Shape     an example that is one text is a body, its first line of several the title. A rule's
//           only language is the article's. What fails is shown with the clause by which it does.
// Errors    DataLoss: an example failed, or the rule files are broken. NotFound: a path.
#ifndef TOCSIN_DAEMON_TEST_RULES_H_
#define TOCSIN_DAEMON_TEST_RULES_H_

#include <absl/status/status.h>

#include <cstdio>
#include <string>
#include <vector>

namespace tocsin {

struct TestOptions {
  std::vector<std::string> rules;  // empty: the shipped ones
};

absl::Status TestRules(const TestOptions& options, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_TEST_RULES_H_
