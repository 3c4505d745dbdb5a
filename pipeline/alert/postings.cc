#include "pipeline/alert/postings.h"

namespace tocsin {

void Postings::Insert(uint32_t posting, uint32_t hash) {
  while (chunks_.size() <= posting / kChunk) {
    chunks_.push_back(std::make_unique_for_overwrite<Link[]>(kChunk));
  }
  if (++size_ > heads_.size()) SplitOne();
  uint32_t& head = heads_[BucketOf(hash)];
  LinkOf(posting) = {.hash = hash, .next = head, .previous = kNone};
  if (head != kNone) LinkOf(head).previous = posting;
  head = posting;
}

void Postings::Erase(uint32_t posting) {
  const Link link = LinkOf(posting);
  if (link.next != kNone) LinkOf(link.next).previous = link.previous;
  if (link.previous != kNone) {
    LinkOf(link.previous).next = link.next;
  } else {
    heads_[BucketOf(link.hash)] = link.next;
  }
  --size_;
}

void Postings::SplitOne() {
  const auto added = static_cast<uint32_t>(heads_.size());
  const uint32_t source = added - level_;
  heads_.push_back(kNone);
  uint32_t at = heads_[source];
  const uint32_t bit = level_;
  if (heads_.size() == 2 * size_t{level_}) level_ *= 2;
  heads_[source] = kNone;
  uint32_t tails[2] = {kNone, kNone};
  while (at != kNone) {
    Link& link = LinkOf(at);
    const uint32_t next = link.next;
    const int side = (link.hash & bit) != 0;
    link.next = kNone;
    link.previous = tails[side];
    if (tails[side] == kNone) {
      heads_[side == 0 ? source : added] = at;
    } else {
      LinkOf(tails[side]).next = at;
    }
    tails[side] = at;
    at = next;
  }
}

}  // namespace tocsin
