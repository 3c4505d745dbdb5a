// One page over HTTP, from this machine or near it.
//
//   ASSIGN_OR_RETURN(const std::string page, HttpGet("127.0.0.1:9464", "/reload"));
//
// Errors    Unavailable: nobody answers at that address within some seconds, or not with 200.
// Threads   any.
#ifndef TOCSIN_DAEMON_HTTP_GET_H_
#define TOCSIN_DAEMON_HTTP_GET_H_

#include <absl/status/statusor.h>

#include <string>

namespace tocsin {

// address: as http_listen names it, host:port.
absl::StatusOr<std::string> HttpGet(const std::string& address, const std::string& path);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_HTTP_GET_H_
