// One article that is remembered, and how it is written to the compacted Kafka topic of stories.
//
//   const std::string value = EncodeEntry(entry);
//   ASSIGN_OR_RETURN(const StoryEntry entry, DecodeEntry(value));
//
// Shape     the encoding begins with its version; its size is 2 to 310 bytes.
// Units     seen_ms: milliseconds since 1970, UTC; none is before it.
// Errors    InvalidArgument: not an entry, or one of another version (says which, and the remedy).
// Threads   values and pure functions.
#ifndef TOCSIN_PIPELINE_ALERT_STORY_ENTRY_H_
#define TOCSIN_PIPELINE_ALERT_STORY_ENTRY_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "pipeline/alert/fingerprint.h"

namespace tocsin {

struct StoryEntry {
  Fingerprint fingerprint;
  uint64_t story = 0;  // its id: Placement::story
  int64_t seen_ms = 0;
  bool alerted = false;  // an alert was emitted for this very article

  friend bool operator==(const StoryEntry&, const StoryEntry&) = default;
};
static_assert(std::is_trivially_copyable_v<StoryEntry>);

std::string EncodeEntry(const StoryEntry& entry);
absl::StatusOr<StoryEntry> DecodeEntry(std::string_view bytes);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_STORY_ENTRY_H_
