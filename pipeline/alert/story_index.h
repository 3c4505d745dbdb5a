// Which story an article belongs to, by the articles of the last hours.
//
//   StoryIndex index({.window_ms = 48 * 3'600'000});
//   const Fingerprint fingerprint = fingerprinter.Of(article);
//   const StoryIndex::Placement placement = index.Find(fingerprint, now_ms);
//   if (placement.novelty == StoryIndex::Placement::kNew) Alert(article);
//   index.Add({.fingerprint = fingerprint, .story = placement.story, .seen_ms = now_ms});
//   index.Expire(now_ms - 48 * 3'600'000, [&](uint64_t id_hash) { ... });
//
// Shape     Find asks in this order: same id, same URL, same folded body, similar text (README).
//           It does not change the index; entries seen more than the window before seen_ms do not
//           count, those seen later do. A new story's id is made of the article's id and seen_ms,
//           so that an id used again after the window is another story. Add: an entry with the same
//           id_hash replaces the former. Get, Remove: by id_hash; for undoing an Add.
//           Expire: oldest first, entries seen before before_ms; at most kExpireMax a call.
// Units     milliseconds since 1970, UTC.
// Cost      Find, Add, Remove: constant, a few microseconds, however many entries share a text;
//           memory less than 900 bytes an entry (tests/alert/million).
// Errors    none.
// Threads   as a std container.
// Lifetime  a Get is valid until the next Add, Remove or Expire.
#ifndef TOCSIN_PIPELINE_ALERT_STORY_INDEX_H_
#define TOCSIN_PIPELINE_ALERT_STORY_INDEX_H_

#include <absl/container/btree_set.h>
#include <absl/functional/function_ref.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "pipeline/alert/fingerprint.h"
#include "pipeline/alert/postings.h"
#include "pipeline/alert/shingle_counts.h"
#include "pipeline/alert/story_entry.h"

namespace tocsin {

struct StoryIndexOptions {
  int64_t window_ms = int64_t{48} * 3'600'000;
  double containment_min = 0.45;  // README.md has the curve
};

class StoryIndex {
 public:
  struct Placement {
    enum Novelty : uint8_t { kNew, kUpdate, kSameUrl, kSameBody, kSimilar };
    Novelty novelty = kNew;
    uint64_t story = 0;
  };

  static constexpr size_t kExpireMax = 1000;

  explicit StoryIndex(StoryIndexOptions options = {});

  // The id of the story that an article is the first of.
  static uint64_t NewStory(const Fingerprint& fingerprint, int64_t seen_ms);

  Placement Find(const Fingerprint& fingerprint, int64_t seen_ms) const;
  const StoryEntry* Get(uint64_t id_hash) const;  // null: no such entry

  void Add(const StoryEntry& entry);
  void Remove(uint64_t id_hash);
  // How many were removed; kExpireMax: call again, there may be more.
  size_t Expire(int64_t before_ms, absl::FunctionRef<void(uint64_t id_hash)> removed);

  size_t size() const { return by_age_.size(); }

 private:
  static constexpr uint32_t kChunk = 1024;
  static constexpr size_t kComparedMax = 24;

  struct Candidate {
    uint32_t shingles;  // of those searched for: the more, the likelier
    uint32_t slot;
    friend auto operator<=>(const Candidate&, const Candidate&) = default;
  };
  using Candidates = std::array<Candidate, kComparedMax>;

  StoryEntry& At(uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  const StoryEntry& At(uint32_t slot) const { return chunks_[slot / kChunk][slot % kChunk]; }
  uint32_t SlotOf(uint64_t id_hash) const;
  size_t FindCandidates(const Sketch& sketch, Candidates* candidates) const;
  const StoryEntry* FindSimilar(const Sketch& sketch, int64_t oldest_ms) const;
  bool IsSimilar(const Overlap& overlap) const;
  void RemoveSlot(uint32_t slot);

  StoryIndexOptions options_;
  std::vector<std::unique_ptr<StoryEntry[]>> chunks_;
  std::vector<uint32_t> free_slots_;
  Postings postings_;
  ShingleCounts counts_;
  absl::btree_set<std::pair<int64_t, uint32_t>> by_age_;  // seen_ms, slot
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_STORY_INDEX_H_
