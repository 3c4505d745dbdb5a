// A multimap from 32-bit hashes to small numbers (postings), for tens of millions of them.
//
//   Postings postings;
//   postings.Insert(7, hash);
//   for (uint32_t at = postings.First(hash); at != Postings::kNone; at = postings.Next(at)) ...
//   postings.Erase(7);
//
// Shape     a posting is in the map at most once. Those of one hash come newest first, so that a
//           bounded walk sees the newest.
// Cost      Insert, Erase: constant, at every call: the table grows by one bucket at a time (linear
//           hashing), never by a pause. 12 bytes a posting up to the highest, 4 a bucket.
// Threads   as a std container.
#ifndef TOCSIN_PIPELINE_ALERT_POSTINGS_H_
#define TOCSIN_PIPELINE_ALERT_POSTINGS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tocsin {

class Postings {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  void Insert(uint32_t posting, uint32_t hash);
  void Erase(uint32_t posting);

  uint32_t First(uint32_t hash) const { return Skip(heads_[BucketOf(hash)], hash); }
  uint32_t Next(uint32_t posting) const {
    const Link& link = LinkOf(posting);
    return Skip(link.next, link.hash);
  }

  // Has the memory fetched that First(hash) will read first; once that is there, what it reads next.
  void PrefetchHead(uint32_t hash) const { __builtin_prefetch(&heads_[BucketOf(hash)]); }
  void PrefetchFirst(uint32_t hash) const {
    const uint32_t posting = heads_[BucketOf(hash)];
    if (posting != kNone) __builtin_prefetch(&LinkOf(posting));
  }

  size_t size() const { return size_; }

 private:
  struct Link {
    uint32_t hash;
    uint32_t next;
    uint32_t previous;
  };
  static constexpr uint32_t kChunk = uint32_t{1} << 15;

  const Link& LinkOf(uint32_t posting) const { return chunks_[posting / kChunk][posting % kChunk]; }
  Link& LinkOf(uint32_t posting) { return chunks_[posting / kChunk][posting % kChunk]; }
  uint32_t BucketOf(uint32_t hash) const {
    const uint32_t bucket = hash & (2 * level_ - 1);
    return bucket < heads_.size() ? bucket : bucket - level_;
  }
  uint32_t Skip(uint32_t posting, uint32_t hash) const {
    while (posting != kNone && LinkOf(posting).hash != hash) posting = LinkOf(posting).next;
    return posting;
  }
  void SplitOne();

  std::vector<std::unique_ptr<Link[]>> chunks_;
  std::vector<uint32_t> heads_ = {kNone};
  uint32_t level_ = 1;  // the power of two with level_ <= heads_.size() < 2 * level_
  size_t size_ = 0;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_POSTINGS_H_
