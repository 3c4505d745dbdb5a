// Early return on a status that is not OK; Debian 12's Abseil has no such macros.
//
//   RETURN_IF_ERROR(sink->Flush());
//   ASSIGN_OR_RETURN(Scanner scanner, Scanner::Create(rule_set));
#ifndef TOCSIN_RULES_BASE_STATUS_MACROS_H_
#define TOCSIN_RULES_BASE_STATUS_MACROS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <utility>

#define TOCSIN_CONCAT_INNER(a, b) a##b
#define TOCSIN_CONCAT(a, b) TOCSIN_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expression)                \
  do {                                             \
    absl::Status tocsin_status = (expression);     \
    if (!tocsin_status.ok()) return tocsin_status; \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_IMPL(TOCSIN_CONCAT(tocsin_status_or_, __LINE__), declaration, expression)

#define ASSIGN_OR_RETURN_IMPL(status_or, declaration, expression) \
  auto status_or = (expression);                                  \
  if (!status_or.ok()) return std::move(status_or).status();      \
  declaration = *std::move(status_or)

#endif  // TOCSIN_RULES_BASE_STATUS_MACROS_H_
