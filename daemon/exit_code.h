// Exit codes as sysexits.h names them, so that a supervisor knows what a restart can mend.
//
//   return ExitCode(status);
//
// Shape     1 an answer of no (the demo's comparison), 64 usage, 65 bad input data, 70 our own
//           fault, 75 try again later, 77 credentials or rights, 78 configuration or rules.
#ifndef TOCSIN_DAEMON_EXIT_CODE_H_
#define TOCSIN_DAEMON_EXIT_CODE_H_

#include <absl/status/status.h>
#include <sysexits.h>

#include <cstdlib>

namespace tocsin {

inline int ExitCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return EXIT_SUCCESS;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
      return EX_CONFIG;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return EX_NOPERM;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
      return EX_TEMPFAIL;
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kOutOfRange:
      return EX_DATAERR;
    case absl::StatusCode::kUnimplemented:  // an argument names what there is not
      return EX_USAGE;
    case absl::StatusCode::kUnknown:
      return EXIT_FAILURE;
    default:
      return EX_SOFTWARE;
  }
}

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_EXIT_CODE_H_
