// A published envelope, read back: what the demo shows, and what consumers of our own Kafka topics
// see.
//
//   ASSIGN_OR_RETURN(const Published published, DecodePublished(*stored.record.value));
//
// Shape     the tagged article as its topic, rules and evidence; `article` is the original as JSON
//           of the same meaning, for a Decoder with that mapping (empty: the flat form). Of a
//           truncated one it is empty.
// Units     start, end: Unicode code points of the field's rendering, end exclusive.
// Errors    InvalidArgument: not an envelope of ours.
#ifndef TOCSIN_PIPELINE_DECODE_PUBLISHED_H_
#define TOCSIN_PIPELINE_DECODE_PUBLISHED_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/document.h"

namespace tocsin {

struct PublishedEvidence {
  rules::Field field;
  uint64_t start;
  uint64_t end;
  std::string exact;
};

struct PublishedRule {
  std::string id;
  std::vector<PublishedEvidence> evidence;
};

struct Published {
  std::string topic;
  std::vector<PublishedRule> rules;
  std::string mapping;
  std::string embargoed;  // RFC 3339, UTC; empty: it is not
  std::string status;     // canceled or withheld; empty: neither
  bool is_truncated = false;
  std::string article;
};

absl::StatusOr<Published> DecodePublished(std::string_view json);

// What of an alert the demo shows.
struct PublishedAlert {
  std::string article;
  std::string headline;
  std::string sentence;
  std::vector<std::string> rules;
};

absl::StatusOr<PublishedAlert> DecodeAlert(std::string_view json);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_PUBLISHED_H_
