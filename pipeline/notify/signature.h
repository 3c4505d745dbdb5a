// Signatures as the Standard Webhooks specification has them (standardwebhooks.com, v1).
//
//   ASSIGN_OR_RETURN(const SigningKeys keys, SigningKeys::Parse("whsec_MfKQ9r8GKYqrTwjU…"));
//   headers["webhook-signature"] = keys.Sign(id, timestamp, body);
//
// Shape     a key: whsec_ and the base64 of 24 to 64 bytes. Several, one a line, sign each, so that a
//           receiver may change from one to the next: "v1,… v1,…". No keys: no signatures.
// Units     timestamp: seconds since the epoch, of the post, not of the event.
// Errors    InvalidArgument: a line that is no such key; the message does not quote it.
// Threads   any, once parsed.
#ifndef TOCSIN_PIPELINE_NOTIFY_SIGNATURE_H_
#define TOCSIN_PIPELINE_NOTIFY_SIGNATURE_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

class SigningKeys {
 public:
  static absl::StatusOr<SigningKeys> Parse(std::string_view text);

  std::string Sign(std::string_view id, int64_t timestamp, std::string_view body) const;
  bool empty() const { return keys_.empty(); }

 private:
  std::vector<std::string> keys_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NOTIFY_SIGNATURE_H_
