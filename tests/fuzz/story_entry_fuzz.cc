// Any bytes: a story entry is refused, or is written again as it was read, and an index takes it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pipeline/alert/story_entry.h"
#include "pipeline/alert/story_index.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto entry = tocsin::DecodeEntry(input);
  if (!entry.ok()) return entry.status().message().empty() ? (std::abort(), 0) : 0;
  if (tocsin::EncodeEntry(*entry) != input) std::abort();
  static tocsin::StoryIndex index;
  index.Add(*entry);
  const auto placement = index.Find(entry->fingerprint, entry->seen_ms);
  if (placement.novelty != tocsin::StoryIndex::Placement::kUpdate) std::abort();
  index.Remove(entry->fingerprint.id_hash);
  if (index.size() != 0) std::abort();
  return 0;
}
