#include "pipeline/alert/story_index.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>

namespace tocsin {
namespace {

// What an entry can be found by: each has a posting of its own.
enum Key : uint32_t { kId, kUrl, kBody, kShingles };
// Of the 64 values of a sketch the smallest are searched for; two texts of Jaccard similarity 0.3
// have none of them in common once in 5,000 pairs.
constexpr uint32_t kShinglesIndexed = 24;
constexpr uint32_t kKeys = kShingles + kShinglesIndexed;

// Postings looked at a shingle, the newest: what more articles have in common is no copy's mark.
constexpr int kPostingsMax = 16;
constexpr size_t kSlotsMax = size_t{kShinglesIndexed} * kPostingsMax;

// Fewer shingles in common may be chance, or a phrase that many use.
constexpr int kSharedMin = 6;

// The beginning of one text must stand in the other: else what they share is what a site puts below
// all its articles, or a quotation. Where the sample has fewer shingles of it, it cannot tell.
constexpr int kLeadShinglesMin = 4;
constexpr double kLeadContainmentMin = 0.2;

uint32_t Hash(Key key, uint64_t value) {
  value = (value + key) * 0x9E3779B97F4A7C15;
  value ^= value >> 32;
  return static_cast<uint32_t>((value * 0xC2B2AE3D27D4EB4F) >> 32);
}

std::span<const uint32_t> Indexed(const Sketch& sketch) {
  return sketch.view().first(std::min<size_t>(sketch.size, kShinglesIndexed));
}

// Entries are compared sooner than each would come from memory by itself.
void Prefetch(const StoryEntry& entry) {
  constexpr size_t kCacheLine = 64;
  const char* const begin = reinterpret_cast<const char*>(&entry);
  for (size_t at = 0; at < sizeof(entry); at += kCacheLine) __builtin_prefetch(begin + at);
}

bool IsFirstOfStory(const StoryEntry& entry) {
  return entry.story == StoryIndex::NewStory(entry.fingerprint, entry.seen_ms);
}

}  // namespace

StoryIndex::StoryIndex(StoryIndexOptions options) : options_(options) {}

uint64_t StoryIndex::NewStory(const Fingerprint& fingerprint, int64_t seen_ms) {
  uint64_t story = fingerprint.id_hash ^ static_cast<uint64_t>(seen_ms) * 0x9E3779B97F4A7C15;
  story = (story ^ story >> 31) * 0xC2B2AE3D27D4EB4F;
  story ^= story >> 32;
  return story == 0 ? 1 : story;
}

StoryIndex::Placement StoryIndex::Find(const Fingerprint& fingerprint, int64_t seen_ms) const {
  const int64_t oldest_ms = seen_ms - options_.window_ms;
  const auto find = [&](uint32_t hash, auto same) -> const StoryEntry* {
    for (uint32_t at = postings_.First(hash); at != Postings::kNone; at = postings_.Next(at)) {
      const StoryEntry& entry = At(at / kKeys);
      if (same(entry.fingerprint) && entry.seen_ms >= oldest_ms) return &entry;
    }
    return nullptr;
  };
  if (const StoryEntry* same = find(Hash(kId, fingerprint.id_hash), [&](const Fingerprint& other) {
        return other.id_hash == fingerprint.id_hash;
      })) {
    return {Placement::kUpdate, same->story};
  }
  if (fingerprint.url_hash != 0) {
    const StoryEntry* same = find(Hash(kUrl, fingerprint.url_hash), [&](const Fingerprint& other) {
      return other.url_hash == fingerprint.url_hash;
    });
    if (same != nullptr) return {Placement::kSameUrl, same->story};
  }
  if (fingerprint.has_text()) {
    const StoryEntry* same =
        find(Hash(kBody, fingerprint.body_hash[0]),
             [&](const Fingerprint& other) { return other.body_hash == fingerprint.body_hash; });
    if (same != nullptr) return {Placement::kSameBody, same->story};
  }
  if (const StoryEntry* similar = FindSimilar(fingerprint.sketch, oldest_ms)) {
    return {Placement::kSimilar, similar->story};
  }
  return {Placement::kNew, NewStory(fingerprint, seen_ms)};
}

bool StoryIndex::IsSimilar(const Overlap& overlap) const {
  if (overlap.shared < kSharedMin || overlap.containment() < options_.containment_min) return false;
  const auto& [left, right, shared] = overlap;
  return std::max(left.in_lead, right.in_lead) < kLeadShinglesMin ||
         std::max(left.lead_containment(), right.lead_containment()) >= kLeadContainmentMin;
}

size_t StoryIndex::FindCandidates(const Sketch& sketch, Candidates* candidates) const {
  for (const uint32_t value : Indexed(sketch)) {
    postings_.PrefetchHead(Hash(kShingles, Sketch::ShingleOf(value)));
    counts_.Prefetch(Sketch::ShingleOf(value));
  }
  for (const uint32_t value : Indexed(sketch)) {
    postings_.PrefetchFirst(Hash(kShingles, Sketch::ShingleOf(value)));
  }
  std::array<uint32_t, kSlotsMax> slots;
  size_t count = 0;
  for (const uint32_t value : Indexed(sketch)) {
    if (counts_.IsCommon(Sketch::ShingleOf(value))) continue;
    int walked = 0;
    for (uint32_t at = postings_.First(Hash(kShingles, Sketch::ShingleOf(value)));
         at != Postings::kNone && walked < kPostingsMax; at = postings_.Next(at), ++walked) {
      slots[count++] = at / kKeys;
    }
  }
  std::sort(slots.begin(), slots.begin() + count);
  std::array<Candidate, kSlotsMax> all;
  size_t different = 0;
  for (size_t i = 0; i < count; ++i) {
    if (i == 0 || slots[i] != slots[i - 1]) all[different++] = {.shingles = 0, .slot = slots[i]};
    ++all[different - 1].shingles;
  }
  const size_t kept = std::min(different, candidates->size());
  std::partial_sort_copy(all.begin(), all.begin() + different, candidates->begin(),
                         candidates->begin() + kept, std::greater<>());
  return kept;
}

const StoryEntry* StoryIndex::FindSimilar(const Sketch& sketch, int64_t oldest_ms) const {
  Candidates candidates;
  const size_t count = FindCandidates(sketch, &candidates);
  for (const Candidate& candidate : std::span(candidates).first(count)) {
    Prefetch(At(candidate.slot));
  }
  const StoryEntry* best = nullptr;
  double best_containment = 0;
  for (const Candidate& candidate : std::span(candidates).first(count)) {
    const StoryEntry& entry = At(candidate.slot);
    if (entry.seen_ms < oldest_ms) continue;
    const Sketch& other = entry.fingerprint.sketch;
    // Most candidates end here, before the counts of their shingles are fetched from memory.
    if (CountShared(sketch, other) < kSharedMin) continue;
    const Overlap overlap = Compare(
        sketch, other, [&](uint32_t value) { return counts_.IsCommon(Sketch::ShingleOf(value)); });
    if (!IsSimilar(overlap) || overlap.containment() <= best_containment) continue;
    best = &entry;
    best_containment = overlap.containment();
  }
  return best;
}

uint32_t StoryIndex::SlotOf(uint64_t id_hash) const {
  const uint32_t hash = Hash(kId, id_hash);
  for (uint32_t at = postings_.First(hash); at != Postings::kNone; at = postings_.Next(at)) {
    if (At(at / kKeys).fingerprint.id_hash == id_hash) return at / kKeys;
  }
  return Postings::kNone;
}

const StoryEntry* StoryIndex::Get(uint64_t id_hash) const {
  const uint32_t slot = SlotOf(id_hash);
  return slot == Postings::kNone ? nullptr : &At(slot);
}

void StoryIndex::Add(const StoryEntry& entry) {
  Remove(entry.fingerprint.id_hash);
  if (free_slots_.empty()) {
    const auto base = static_cast<uint32_t>(chunks_.size() * kChunk);
    chunks_.push_back(std::make_unique_for_overwrite<StoryEntry[]>(kChunk));
    for (uint32_t i = kChunk; i > 0; --i) free_slots_.push_back(base + i - 1);
  }
  const uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  At(slot) = entry;
  by_age_.emplace(entry.seen_ms, slot);
  if (IsFirstOfStory(entry)) counts_.Add(entry.fingerprint.sketch);
  const Fingerprint& fingerprint = entry.fingerprint;
  const uint32_t base = slot * kKeys;
  postings_.Insert(base + kId, Hash(kId, fingerprint.id_hash));
  if (fingerprint.url_hash != 0) {
    postings_.Insert(base + kUrl, Hash(kUrl, fingerprint.url_hash));
  }
  if (fingerprint.has_text()) {
    postings_.Insert(base + kBody, Hash(kBody, fingerprint.body_hash[0]));
  }
  uint32_t posting = base + kShingles;
  for (const uint32_t value : Indexed(fingerprint.sketch)) {
    postings_.Insert(posting++, Hash(kShingles, Sketch::ShingleOf(value)));
  }
}

void StoryIndex::Remove(uint64_t id_hash) {
  const uint32_t slot = SlotOf(id_hash);
  if (slot != Postings::kNone) RemoveSlot(slot);
}

void StoryIndex::RemoveSlot(uint32_t slot) {
  const StoryEntry& entry = At(slot);
  const uint32_t base = slot * kKeys;
  postings_.Erase(base + kId);
  if (entry.fingerprint.url_hash != 0) postings_.Erase(base + kUrl);
  if (entry.fingerprint.has_text()) postings_.Erase(base + kBody);
  for (uint32_t i = 0; i < Indexed(entry.fingerprint.sketch).size(); ++i) {
    postings_.Erase(base + kShingles + i);
  }
  if (IsFirstOfStory(entry)) counts_.Remove(entry.fingerprint.sketch);
  by_age_.erase({entry.seen_ms, slot});
  free_slots_.push_back(slot);
}

size_t StoryIndex::Expire(int64_t before_ms, absl::FunctionRef<void(uint64_t id_hash)> removed) {
  size_t count = 0;
  while (count < kExpireMax && !by_age_.empty() && by_age_.begin()->first < before_ms) {
    const uint32_t slot = by_age_.begin()->second;
    const uint64_t id_hash = At(slot).fingerprint.id_hash;
    RemoveSlot(slot);
    removed(id_hash);
    ++count;
  }
  return count;
}

}  // namespace tocsin
