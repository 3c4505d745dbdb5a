#include "pipeline/alert/alert_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "pipeline/alert/story_entry.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr char kSettled = 1;
constexpr size_t kHashDigits = 16;
// Finding those that have had their time costs a look at each: a hundredth of what changing so
// many costs.
constexpr size_t kChangesASweep = 100'000;
constexpr size_t kExpiredWaitingMax = 1000;

}  // namespace

std::string AlertState::KeyOf(const Place& place) {
  return fmt::format("{}/{:016x}", place.topic, place.id_hash);
}

std::optional<AlertState::Place> AlertState::ParseKey(std::string_view key) {
  if (key.size() <= kHashDigits + 1 || key[key.size() - kHashDigits - 1] != '/') {
    return std::nullopt;
  }
  Place place{.topic = std::string(key.substr(0, key.size() - kHashDigits - 1)), .id_hash = 0};
  const std::from_chars_result parsed = std::from_chars(key.data() + place.topic.size() + 1,
                                                        key.data() + key.size(), place.id_hash, 16);
  if (parsed.ec != std::errc() || parsed.ptr != key.data() + key.size()) return std::nullopt;
  return place;
}

AlertState::Book& AlertState::BookOf(std::string_view topic) {
  const auto found = books_.find(topic);
  if (found != books_.end()) return found->second;
  return books_.try_emplace(std::string(topic), window_ms_).first->second;
}

absl::Status AlertState::Apply(std::string_view key, std::optional<std::string_view> value,
                               int64_t oldest_ms) {
  std::optional<Place> place = ParseKey(key);
  if (!place) return absl::InvalidArgumentError("its key is none of ours");
  Book& book = BookOf(place->topic);
  if (!value) {
    book.index.Remove(place->id_hash);
    return absl::OkStatus();
  }
  if (value->empty() || (value->front() & ~kSettled) != 0) {
    return absl::InvalidArgumentError("its value is none of ours, or a later version's");
  }
  ASSIGN_OR_RETURN(const StoryEntry entry, DecodeEntry(value->substr(1)));
  if (entry.fingerprint.id_hash != place->id_hash) {
    return absl::InvalidArgumentError("its value is not that of its key");
  }
  if (entry.seen_ms < oldest_ms) {
    book.index.Remove(place->id_hash);
    expired_.push_back(*std::move(place));
    return absl::OkStatus();
  }
  book.index.Add(entry);
  if (value->front() == kSettled) {
    int64_t& last_ms = book.settled[entry.story];
    last_ms = std::max(last_ms, entry.seen_ms);
  }
  SweepSettled(oldest_ms);
  return absl::OkStatus();
}

AlertState::Standing AlertState::Find(std::string_view topic, const Fingerprint& fingerprint,
                                      int64_t seen_ms) const {
  const auto found = books_.find(topic);
  if (found == books_.end()) {
    return {.placement = {.novelty = StoryIndex::Placement::kNew,
                          .story = StoryIndex::NewStory(fingerprint, seen_ms)}};
  }
  const Book& book = found->second;
  Standing standing{.placement = book.index.Find(fingerprint, seen_ms)};
  standing.is_settled = book.settled.contains(standing.placement.story);
  if (standing.placement.novelty == StoryIndex::Placement::kUpdate) {
    const StoryEntry& entry = *book.index.Get(fingerprint.id_hash);
    standing.was_alerted = entry.alerted;
    standing.known = entry.fingerprint;
  }
  return standing;
}

OutputRecord AlertState::Remember(std::string_view topic, const StoryEntry& entry,
                                  bool is_settled) {
  Book& book = BookOf(topic);
  const uint64_t id_hash = entry.fingerprint.id_hash;
  Change& change = journal_.emplace_back(
      Change{.book = &book, .id_hash = id_hash, .story = entry.story, .entry = {}, .settled = {}});
  if (const StoryEntry* before = book.index.Get(id_hash)) change.entry = *before;
  const auto settled = book.settled.find(entry.story);
  if (settled != book.settled.end()) change.settled = settled->second;

  book.index.Add(entry);
  if (is_settled) {
    int64_t& last_ms = book.settled[entry.story];
    last_ms = std::max(last_ms, entry.seen_ms);
  }
  OutputRecord record;
  record.key = KeyOf({.topic = std::string(topic), .id_hash = id_hash});
  record.value = std::string(1, is_settled ? kSettled : '\0') + EncodeEntry(entry);
  return record;
}

void AlertState::Expire(int64_t oldest_ms, std::vector<OutputRecord>* tombstones) {
  for (auto& [topic, book] : books_) {
    if (expired_.size() >= kExpiredWaitingMax) break;
    book.index.Expire(oldest_ms, [&](uint64_t id_hash) {
      expired_.push_back({.topic = topic, .id_hash = id_hash});
    });
  }
  for (size_t i = 0; i < kTombstonesMax && !expired_.empty(); ++i) {
    Place place = std::move(expired_.front());
    expired_.pop_front();
    if (BookOf(place.topic).index.Get(place.id_hash) != nullptr) continue;
    tombstones->emplace_back().key = KeyOf(place);
    deleted_.push_back(std::move(place));
  }
  if (journal_.empty()) SweepSettled(oldest_ms);
}

void AlertState::SweepSettled(int64_t before_ms) {
  if (changes_to_sweep_-- > 0) return;
  changes_to_sweep_ = kChangesASweep;
  for (auto& [topic, book] : books_) {
    absl::erase_if(book.settled, [&](const auto& each) { return each.second < before_ms; });
  }
}

void AlertState::Committed() {
  journal_.clear();
  deleted_.clear();
}

void AlertState::Forgotten() {
  for (size_t i = journal_.size(); i > 0; --i) Undo(journal_[i - 1]);
  journal_.clear();
  expired_.insert(expired_.begin(), deleted_.begin(), deleted_.end());
  deleted_.clear();
}

void AlertState::Undo(const Change& change) {
  if (change.entry) {
    change.book->index.Add(*change.entry);
  } else {
    change.book->index.Remove(change.id_hash);
  }
  if (change.settled) {
    change.book->settled[change.story] = *change.settled;
  } else {
    change.book->settled.erase(change.story);
  }
}

size_t AlertState::size() const {
  size_t size = 0;
  for (const auto& [topic, book] : books_) size += book.index.size();
  return size;
}

}  // namespace tocsin
