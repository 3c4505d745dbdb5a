// What `tocsin alert` knows of the window, and how the compacted Kafka topic of stories holds it.
//
//   RETURN_IF_ERROR(state.Apply(*record.key, record.value, oldest_ms));      // restoring
//   const AlertState::Standing standing = state.Find("ceasefire", fingerprint, seen_ms);
//   OutputRecord change = state.Remember("ceasefire", entry, standing.is_settled);
//   state.Expire(oldest_ms, &tombstones);
//   state.Committed();                                                       // or Forgotten
//
// Shape     each topic has stories of its own: the same article may be news to two of them. A record
//           has the key "<topic>/<id_hash in hexadecimal>" and one byte of ours before the entry.
//           What is remembered since the last Committed or Forgotten is undone by Forgotten. Apply
//           only while nothing is remembered so; applying a record again changes nothing.
//           Expire: keys of records to delete, some a call; an entry that came back is left.
// Units     milliseconds since 1970, UTC. oldest_ms: of the entries that may still be asked for.
// Cost      as StoryIndex; a settled story takes about 40 bytes more.
// Errors    Apply: InvalidArgument: no record of ours, or another version's.
// Threads   one.
#ifndef TOCSIN_PIPELINE_ALERT_ALERT_STATE_H_
#define TOCSIN_PIPELINE_ALERT_ALERT_STATE_H_

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/alert/story_index.h"
#include "pipeline/record.h"

namespace tocsin {

class AlertState {
 public:
  explicit AlertState(int64_t window_ms) : window_ms_(window_ms) {}
  AlertState(const AlertState&) = delete;  // the journal points into it
  AlertState& operator=(const AlertState&) = delete;

  absl::Status Apply(std::string_view key, std::optional<std::string_view> value,
                     int64_t oldest_ms);

  struct Standing {
    StoryIndex::Placement placement;
    bool is_settled = false;           // the story: alerted or muted, not to be told again
    bool was_alerted = false;          // this very article, and not taken back since
    std::optional<Fingerprint> known;  // of this very article as it was
  };
  Standing Find(std::string_view topic, const Fingerprint& fingerprint, int64_t seen_ms) const;

  // Key and value are set; where it goes is the caller's.
  OutputRecord Remember(std::string_view topic, const StoryEntry& entry, bool is_settled);

  // Appends at most kTombstonesMax.
  static constexpr size_t kTombstonesMax = 8;
  void Expire(int64_t oldest_ms, std::vector<OutputRecord>* tombstones);

  void Committed();
  void Forgotten();

  size_t size() const;  // articles in the window

 private:
  struct Book {
    explicit Book(int64_t window_ms) : index({.window_ms = window_ms}) {}
    StoryIndex index;
    absl::flat_hash_map<uint64_t, int64_t> settled;  // story → when its last article was seen
  };
  using Books = std::map<std::string, Book, std::less<>>;

  struct Place {
    std::string topic;
    uint64_t id_hash;
  };

  struct Change {
    Book* book;
    uint64_t id_hash;
    uint64_t story;
    std::optional<StoryEntry> entry;  // before
    std::optional<int64_t> settled;   // before
  };

  static std::string KeyOf(const Place& place);
  static std::optional<Place> ParseKey(std::string_view key);
  Book& BookOf(std::string_view topic);
  void Undo(const Change& change);
  void SweepSettled(int64_t before_ms);

  const int64_t window_ms_;
  Books books_;
  std::vector<Change> journal_;
  std::deque<Place> expired_;    // whose records are to be deleted
  std::deque<Place> deleted_;    // since the last commit
  size_t changes_to_sweep_ = 0;  // until settled stories are looked through
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_ALERT_STATE_H_
