// The index against a list searched from end to end; the map below it against std::multimap; the
// encoding there and back.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/alert/postings.h"
#include "pipeline/alert/story_entry.h"
#include "pipeline/alert/story_index.h"

namespace tocsin {
namespace {

using Placement = StoryIndex::Placement;

constexpr int64_t kWindowMs = 20;

// Few values, so that ids, URLs and bodies meet.
StoryEntry SmallEntry() {
  StoryEntry entry;
  entry.fingerprint.id_hash = *rc::gen::inRange<uint64_t>(1, 12);
  entry.fingerprint.url_hash = *rc::gen::inRange<uint64_t>(0, 6);
  const auto body = *rc::gen::inRange<uint64_t>(0, 6);
  entry.fingerprint.body_hash = {body % 3, body};
  entry.story = *rc::gen::inRange<uint64_t>(1, 100);
  entry.seen_ms = *rc::gen::inRange<int64_t>(0, 60);
  return entry;
}

// The newest addition first.
class NaiveIndex {
 public:
  void Add(const StoryEntry& entry) {
    Remove(entry.fingerprint.id_hash);
    entries_.insert(entries_.begin(), entry);
  }
  void Remove(uint64_t id_hash) {
    std::erase_if(entries_,
                  [&](const StoryEntry& entry) { return entry.fingerprint.id_hash == id_hash; });
  }
  size_t Expire(int64_t before_ms) {
    return std::erase_if(entries_,
                         [&](const StoryEntry& entry) { return entry.seen_ms < before_ms; });
  }
  std::pair<int, uint64_t> Find(const Fingerprint& wanted, int64_t seen_ms) const {
    const auto find = [&](auto same) {
      return std::ranges::find_if(entries_, [&](const StoryEntry& entry) {
        return entry.seen_ms >= seen_ms - kWindowMs && same(entry.fingerprint);
      });
    };
    const auto by_id = find([&](const auto& other) { return other.id_hash == wanted.id_hash; });
    if (by_id != entries_.end()) return {Placement::kUpdate, by_id->story};
    const auto by_url = find([&](const auto& other) {
      return wanted.url_hash != 0 && other.url_hash == wanted.url_hash;
    });
    if (by_url != entries_.end()) return {Placement::kSameUrl, by_url->story};
    const auto by_body = find([&](const auto& other) {
      return wanted.has_text() && other.body_hash == wanted.body_hash;
    });
    if (by_body != entries_.end()) return {Placement::kSameBody, by_body->story};
    return {Placement::kNew, StoryIndex::NewStory(wanted, seen_ms)};
  }
  size_t size() const { return entries_.size(); }

 private:
  std::vector<StoryEntry> entries_;
};

RC_GTEST_PROP(StoryIndexProperty, IsAListThatIsSearched, ()) {
  StoryIndex index({.window_ms = kWindowMs});
  NaiveIndex naive;
  const auto steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    const StoryEntry entry = SmallEntry();
    const int action = *rc::gen::inRange(0, 10);
    if (action == 0) {
      size_t removed = 0;
      index.Expire(entry.seen_ms, [&](uint64_t) { ++removed; });
      RC_ASSERT(removed == naive.Expire(entry.seen_ms));
    } else if (action < 3) {
      index.Remove(entry.fingerprint.id_hash);
      naive.Remove(entry.fingerprint.id_hash);
    } else {
      index.Add(entry);
      naive.Add(entry);
    }
    RC_ASSERT(index.size() == naive.size());
    const StoryEntry wanted = SmallEntry();
    const Placement got = index.Find(wanted.fingerprint, wanted.seen_ms);
    RC_ASSERT(std::pair(int{got.novelty}, got.story) ==
              naive.Find(wanted.fingerprint, wanted.seen_ms));
  }
}

RC_GTEST_PROP(PostingsProperty, AreAMultimapNewestFirst, ()) {
  Postings postings;
  std::map<uint32_t, std::vector<uint32_t>> naive;  // newest first
  std::map<uint32_t, uint32_t> hash_of;
  const auto spread = *rc::gen::element<uint32_t>(3, 50, UINT32_MAX);
  const auto steps = *rc::gen::inRange(1, 300);
  for (int i = 0; i < steps; ++i) {
    const auto posting = *rc::gen::inRange<uint32_t>(0, 100);
    if (const auto known = hash_of.find(posting); known != hash_of.end()) {
      postings.Erase(posting);
      std::erase(naive[known->second], posting);
      hash_of.erase(known);
      continue;
    }
    const uint32_t hash = *rc::gen::arbitrary<uint32_t>() % spread;
    postings.Insert(posting, hash);
    naive[hash].insert(naive[hash].begin(), posting);
    hash_of.emplace(posting, hash);
  }
  RC_ASSERT(postings.size() == hash_of.size());
  for (const auto& [hash, want] : naive) {
    std::vector<uint32_t> got;
    for (uint32_t at = postings.First(hash); at != Postings::kNone; at = postings.Next(at)) {
      got.push_back(at);
    }
    RC_ASSERT(got == want);
  }
}

Sketch AnySketch(std::set<uint32_t>* shingles) {
  SketchBuilder builder;
  const auto hashes = *rc::gen::container<std::vector<uint32_t>>(rc::gen::arbitrary<uint32_t>());
  const int copies = *rc::gen::inRange(1, 30);  // more than a sketch holds, at times
  for (uint32_t hash : hashes) {
    for (int i = 0; i < copies; ++i) {
      hash = hash * 0x9E3779B1 + 1;
      builder.Add(hash, i % 3 == 0);
      shingles->insert(Sketch::ShingleOf(hash));
    }
  }
  return builder.Build();
}

RC_GTEST_PROP(SketchProperty, HoldsTheSmallest, ()) {
  std::set<uint32_t> shingles;
  const Sketch sketch = AnySketch(&shingles);
  RC_ASSERT(sketch.size == std::min(shingles.size(), Sketch::kSize));
  RC_ASSERT(sketch.complete == (shingles.size() <= Sketch::kSize));
  auto want = shingles.begin();
  for (const uint32_t value : sketch.view()) RC_ASSERT(Sketch::ShingleOf(value) == *want++);
  const Overlap self = Compare(sketch, sketch);
  RC_ASSERT(self.shared == sketch.size);
  const Sketch other = AnySketch(&shingles);
  RC_ASSERT(CountShared(sketch, other) == Compare(sketch, other).shared);
  RC_ASSERT(self.left.in_lead == self.left.in_lead_shared);
}

RC_GTEST_PROP(StoryEntryProperty, IsReadBackAsWritten, ()) {
  std::set<uint32_t> shingles;
  StoryEntry entry = SmallEntry();
  entry.fingerprint.sketch = AnySketch(&shingles);
  entry.fingerprint.id_hash = *rc::gen::arbitrary<uint64_t>();
  entry.seen_ms = *rc::gen::nonNegative<int64_t>();
  entry.alerted = *rc::gen::arbitrary<bool>();
  const std::string bytes = EncodeEntry(entry);
  const auto decoded = DecodeEntry(bytes);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == entry);
  const auto cut = *rc::gen::inRange<size_t>(0, bytes.size());
  RC_ASSERT(!DecodeEntry(bytes.substr(0, cut)).ok());
  RC_ASSERT(!DecodeEntry(bytes + "x").ok());
}

TEST(StoryEntry, OfAnotherVersionSaysSo) {
  std::string bytes = EncodeEntry({});
  bytes[0] = 9;
  const auto decoded = DecodeEntry(bytes);
  ASSERT_FALSE(decoded.ok());
  EXPECT_NE(decoded.status().message().find("version 9, this tocsin reads 1"), std::string::npos)
      << decoded.status();
}

TEST(StoryEntry, SeenBefore1970IsRefused) {
  const auto decoded = DecodeEntry(EncodeEntry({.seen_ms = INT64_MIN}));
  ASSERT_FALSE(decoded.ok());
  EXPECT_NE(decoded.status().message().find("seen at -9223372036854775808 ms"), std::string::npos)
      << decoded.status();
}

}  // namespace
}  // namespace tocsin
